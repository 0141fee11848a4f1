# frozen_string_literal: true

require_relative 'mintmark'

Gem::Specification.new do |spec|
  spec.name = 'mintmark-verify'
  spec.version = Mintmark::VERSION
  spec.authors = ['the Mintmark developers']
  spec.summary = 'Verifies Mintmark license codes offline: one call, a clear verdict, no network needed.'
  spec.license = 'MIT'
  spec.required_ruby_version = '>= 2.7'
  spec.files = %w[LICENSE README.md mintmark.rb]
  spec.require_paths = ['.']
end
