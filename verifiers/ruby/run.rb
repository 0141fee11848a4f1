# frozen_string_literal: true

# The runner: holds mintmark.rb against vectors (verifiers/README.md says how it is called).

require 'json'
require_relative 'mintmark'

HOSTILE = [nil, 42, 1.5, :code, [], {}, Object.new, true, BasicObject, "\xff\xfe" * 80, "\xff".b * 160,
           'A'.encode('UTF-16LE') * 160, ('A' * 160).force_encoding('UTF-16LE'), ('A' * 159).force_encoding('UTF-16LE'),
           ('A' * 160).force_encoding('UTF-7'), "\xA1".dup.force_encoding('EUC-JP'), "\0" * 200, "\u0301" * 10**6,
           'A'.encode('UTF-32BE') * 2**18,
           *['A', ' ', 'A ', "\u33af", "\n ", '&amp;', '<a', '%25', '200HDMQP ', "200HDMQP0\n", "2\u0430", 'a@a.', "#{'A' * 199} "]
             .map { |text| text * (2**23 / text.length) }].freeze
MOST_SECONDS = 0.5 # of processor time, for a hostile text: far above what it takes, far below what a square would
TOLD = %w[verdict code repaired keep choices character position count group seen has].freeze

def reader_for(keyring, kase)
  day = ->(text) { text && Date.iso8601(text) }
  Mintmark::Reader.new(product: kase['product'], keyring: keyring, today: day.(kase['today']),
                       build_date: day.(kase['buildDate']), allow_test: kase['allowTest'], revoked: kase['revoked'],
                       latest_day: kase['latestDay'], features: kase['features'] || [])
end

# What the verdict carries, in the words of the vectors.
def answer_of(verdict, features)
  told = verdict.to_h.slice(:code, :character, :position, :count, :group, :seen)
  told.update(verdict: verdict.word, keep: verdict.keep&.to_s, repaired: verdict.repaired&.to_h&.transform_keys(&:to_s))
  told[:choices] = verdict.choices&.map { |choice| { 'verdict' => choice.word, 'code' => choice.code } }
  told[:has] = features&.select { |name| verdict.feature?(name) }
  told.compact.transform_keys(&:to_s)
end

def keyring_of(vectors)
  vectors['keyring'].map { |key| key.slice('id', 'mode', 'publicKey').merge('state' => 'active', 'created' => '2026-11-21') }
end

def as_text(license)
  names = { id: 'licenseId', last_valid: 'lastValid', updates_until: 'updatesUntil', key_id: 'keyId' }
  license.to_h { |name, value| [names.fetch(name, name.to_s), value.is_a?(Date) ? value.to_s : value] }
end

# The code by another path than the verifier's: base32 five bits at a time.
def mint(license, seed)
  number = ->(text) { text ? (Date.iso8601(text) - Date.new(1970)).to_i : 0 }
  product = license['product'].b
  flags = 0x10 | (license['test'] ? 1 : 0) | (license['trial'] ? 2 : 0)
  record = [flags, license['keyId'], Digest::SHA512.digest(product)[0, 3], license['licenseId'].delete('-'),
            license['revision'], *license.values_at('issued', 'lastValid', 'updatesUntil').map(&number),
            license['seats'], *license['features'].divmod(0x10000)].pack('CCa3H32nnnnnCn')
  private_key = OpenSSL::PKey.read(["302e020100300506032b657004220420#{seed}"].pack('H*'))
  record += private_key.sign(nil, "mintmark license v1\0".b + [product.bytesize].pack('C') + product + record)
  crc = record.each_byte.inject(0xffff) do |register, byte|
    8.times.inject(register ^ byte << 8) { |c, _| (c << 1 ^ (c[15] * 0x1021)) & 0xffff }
  end
  (record + [crc].pack('n')).unpack1('B*').scan(/.{5}/).map { |bits| Mintmark::Text::ALPHABET[bits.to_i(2)] }.join
end

def judge_vectors(vectors)
  keyring = keyring_of(vectors)
  seeds = vectors['keyring'].to_h { |key| key.values_at('id', 'seed') }
  vectors['mint'].each do |kase|
    fields = kase['license']
    read = reader_for(keyring, 'product' => fields['product'], 'today' => fields['issued'], 'allowTest' => true,
                               'revoked' => []).read(kase['code']).license
    yield "mint #{kase['name']}", kase['code'] == mint(fields, seeds[fields['keyId']]) && read && as_text(read) == fields
  end
  vectors['read'].each do |kase|
    verdict = reader_for(keyring, kase).read(kase['input'])
    answer = answer_of(verdict, kase['features'])
    same = TOLD.all? { |name| !kase.key?(name) || answer[name] == kase[name] }
    yield "read #{kase['name']}: #{answer}", same && !Mintmark.explain(verdict).empty?
  end
  reader = Mintmark::Reader.new(product: 'acme-editor', keyring: keyring)
  HOSTILE.each_with_index do |value, i|
    start = Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID)
    verdict = reader.read(value)
    seconds = Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID) - start
    said = verdict.word != 'valid' && !Mintmark.explain(verdict).empty?
    yield "hostile #{i}, #{verdict.word} after #{seconds.round(3)} seconds", said && seconds < MOST_SECONDS
  end
  code = vectors['mint'][0]['code']
  reader = Mintmark::Reader.new(product: 'acme-editor', keyring: keyring, today: -> { Date.new(2026, 11, 21) })
  %w[UTF-16LE UTF-16BE US-ASCII ASCII-8BIT Windows-1252].each do |encoding|
    yield "in #{encoding}", reader.read(code.encode(encoding)).word == 'valid'
  end
  wrong_keyrings(keyring[0]).each { |name, wrong| yield "keyring #{name}", refuses?(wrong) }
end

def wrong_keyrings(entry)
  fields = { 'id' => 0, 'mode' => 'x', 'state' => nil, 'publicKey' => '00', 'created' => '2026-02-30', 'more' => 1 }
  { 'none' => nil, 'empty' => [], 'twice' => [entry, entry], 'same key' => [entry, entry.merge('id' => 9)],
    'not an object' => [nil], 'small order' => [entry.merge('publicKey' => "01#{'00' * 31}")],
    'not canonical' => [entry.merge('publicKey' => "f0#{'ff' * 30}7f")] }
    .merge(fields.to_h { |field, value| [field, [entry.merge(field => value)]] })
end

def refuses?(keyring)
  Mintmark::Reader.new(product: 'acme-editor', keyring: keyring)
  false
rescue ArgumentError
  true
end

def judge_wycheproof(vectors)
  vectors['testGroups'].each do |group|
    group['tests'].each do |kase|
      parts = [group['publicKey']['pk'], kase['sig'], kase['msg']].map { |hex| [hex].pack('H*') }
      yield "case #{kase['tcId']} #{kase['comment']}", Mintmark::Signature.verify_strict(*parts) == (kase['result'] == 'valid')
    end
  end
end

def judge_speccheck(vectors)
  vectors.each_with_index do |kase, i|
    parts = kase.values_at('pub_key', 'signature', 'message').map { |hex| [hex].pack('H*') }
    yield "case #{i}", Mintmark::Signature.verify_strict(*parts) == (i == 3)
  end
end

def tell(judge, vectors)
  counts = { true => 0, false => 0 }
  send(judge, vectors) do |name, good|
    counts[good == true] += 1
    puts name unless good == true
  end
  puts "#{counts[true]} passed, #{counts[false]} failed"
  exit(counts[false].zero? ? 0 : 1)
end

def read(vectors)
  readers = Hash.new { |known, kase| known[kase] = reader_for(keyring_of(vectors), kase) }
  $stdin.set_encoding(Encoding::UTF_8)
  $stdin.each_line do |line|
    kase = JSON.parse(line)
    verdict = readers[kase.reject { |name| name == 'input' }].read(kase['input'])
    puts JSON.generate(answer_of(verdict, kase['features']))
  end
end

def bench(vectors, seconds)
  product, issued = vectors['mint'][0]['license'].values_at('product', 'issued')
  code = vectors['mint'][0]['code']
  reader = Mintmark::Reader.new(product: product, keyring: keyring_of(vectors), today: Date.iso8601(issued))
  bytes = Mintmark::Text.bytes_of(code)
  key = reader.instance_variable_get(:@keys)[1][1]
  signature = bytes[34, 64]
  message = reader.instance_variable_get(:@prefix) + bytes[0, 34]
  clock = -> { Process.clock_gettime(Process::CLOCK_MONOTONIC) }
  acts = { reads: -> { reader.read(code) }, checks: -> { key.verify(nil, signature, message) } }
  rates = acts.transform_values { [] }
  finish = clock.call + seconds.to_f
  while clock.call < finish
    acts.each do |name, act|
      start = clock.call
      50.times { act.call }
      rates[name] << 50 / (clock.call - start)
    end
  end
  puts JSON.generate(rates.transform_values(&:max))
end

command, file, *rest = ARGV
vectors = JSON.parse(File.read(file, encoding: 'UTF-8'))
case command
when 'vectors', 'wycheproof', 'speccheck' then tell("judge_#{command}", vectors)
when 'read' then read(vectors)
when 'bench' then bench(vectors, *rest)
else abort 'usage: run.rb vectors|wycheproof|speccheck|read|bench FILE'
end
