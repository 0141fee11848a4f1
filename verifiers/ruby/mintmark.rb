# frozen_string_literal: true

# Reads Mintmark license codes offline. Copy this file into your program, or `gem install mintmark-verify`.
#
#   reader = Mintmark::Reader.new(product: 'acme-editor', keyring: JSON.parse(KEYRING), build_date: Date.new(2026, 11, 21))
#   verdict = reader.read(pasted_text)   # any text: a code, a line with one, a whole e-mail; never raises
#   if verdict.word == 'valid' then store(verdict.code) && unlock(verdict.license.seats)
#   else show(Mintmark.explain(verdict)) # a sentence in English, or words of your own by verdict.word
#   end
#
# KEYRING is your product's keyring.json. The file needs Ruby 2.7 and openssl. A text may hold a slip of the finger:
# verdict.repaired says which one was undone. With `features: ['export']`, the product's feature names in their order,
# verdict.feature?('export') says what is unlocked. Give verdict.keep to the next Reader as latest_day, and a clock that
# was set back revives nothing. The format is license-code-v1; comments here say "step" for its "Reading".

require 'date'
require 'digest'
require 'openssl'

module Mintmark
  VERSION = '0.2.0'

  # last_valid and updates_until are inclusive Dates, or nil; 0 seats are unlimited; bit i of features is feature i.
  License = Struct.new(:id, :product, :revision, :issued, :last_valid, :updates_until, :seats, :features,
                       :test, :trial, :key_id)

  # The slip that was undone. kind is 'substitution', 'swap', 'omission' or 'insertion'; position, from 1 in the pasted
  # text, that of the first character concerned, or where a missing one belongs; was what was pasted; is what belongs there.
  Repaired = Struct.new(:kind, :position, :was, :is)

  # What does not belong to the verdict is nil.
  Verdict = Struct.new(
    :word, # one of the words of EXPLANATIONS
    :license, # this and the next four: from 'test-code' on
    :code, # as it was minted: what a program stores
    :repaired, # nil: nothing was repaired
    :keep, # the Date to store, and to give the next Reader as latest_day
    :features, # names of the features of a valid license
    :choices, # of 'several': a verdict for each license
    :character, # of 'bad-character', as is position, from 1 in the pasted text
    :position,
    :count, # of 'too-short' and 'too-long'
    :group, # which eight characters of the code are wrong, from 1, where it can be told
    :seen, # of 'no-code': 'order-number', 'e-mail-address', 'link' or 'text'
    :version, # of 'unsupported-version'
    :key_id, # of 'unknown-key'
    keyword_init: true
  ) do
    # True for a valid license with this feature, by a name among the reader's features.
    def feature?(name)
      !features.nil? && features.include?(name)
    end
  end

  SEEN = { 'order-number' => 'an order number, but ', 'e-mail-address' => 'an e-mail address, but ',
           'link' => 'a link, but ' }.freeze
  LOOK_AT = ->(v) { v.group ? ", or look at characters #{8 * v.group - 7} to #{8 * v.group} of it" : '' }
  EXPLANATIONS = {
    'empty' => ->(_) { 'paste your license code' },
    'no-code' => lambda do |v|
      "here is #{SEEN[v.seen]}no license code: look in your e-mail for a line of 160 letters and digits"
    end,
    'bad-character' => ->(v) { "character #{v.position} does not belong in a license code" },
    'too-short' => ->(v) { "this is #{v.count} of 160 characters: copy the whole line#{LOOK_AT.call(v)}" },
    'too-long' => ->(v) { "this is #{v.count} characters instead of 160: copy only the line with the code" },
    'mistyped' => ->(v) { "some characters are wrong: paste it again#{LOOK_AT.call(v)}" },
    'unsupported-version' => ->(_) { 'this license was made for a newer version of this program' },
    'wrong-product' => ->(_) { 'this license is for another product' },
    'unknown-key' => ->(_) { 'update the program, then try again' },
    'forged' => ->(_) { 'this is not a genuine license' },
    'several' => ->(_) { 'here are codes of several licenses: paste one of them' },
    'test-code' => ->(_) { 'this is a test license' },
    'not-yet-valid' => ->(_) { 'this license begins in the future: check the date of your computer' },
    'revoked' => ->(_) { 'this license was withdrawn (refunded, for example)' },
    'expired' => ->(v) { "this license expired on #{v.license.last_valid}" },
    'updates-ended' => ->(v) { "this license covers versions built until #{v.license.updates_until}" },
    'valid' => ->(_) { 'licensed' }
  }.freeze
  private_constant :SEEN, :LOOK_AT

  # One sentence for the user; it holds nothing of what was pasted.
  def self.explain(verdict)
    EXPLANATIONS.fetch(verdict.word).call(verdict)
  end

  # Reads codes of one product.
  class Reader
    # keyring is keyring.json, parsed; today a Date in UTC, or what is called for it at each reading, the computer's if
    # not given; latest_day the latest day that the program has seen (the keep of the verdict before), a Date or a String
    # YYYY-MM-DD, or what is called for it: what is no day, as from a damaged file, counts as none; build_date the Date
    # that the program was built on; revoked has include?(license_id); features are the product's feature names in their
    # order, 24 at most. An ArgumentError if one of them makes no sense.
    def initialize(product:, keyring:, today: nil, latest_day: nil, build_date: nil, allow_test: false, revoked: [],
                   features: [])
      @product = product.encode(Encoding::UTF_8).freeze
      raise ArgumentError, 'product: must be 1 to 64 bytes of UTF-8' unless @product.bytesize.between?(1, 64)

      @tag = Digest::SHA512.digest(@product)[0, 3]
      @prefix = "mintmark license v1\0".b + [@product.bytesize].pack('C') + @product.b
      @keys = Keyring.parse(keyring)
      @heads = Heads.new(@tag, @keys)
      [today, build_date].each do |day|
        next if day.nil? || day.instance_of?(Date) || (day.equal?(today) && day.respond_to?(:call))

        raise ArgumentError, 'today and build_date: must be a Date'
      end
      unless features.is_a?(Array) && features.length <= 24 && features.uniq.length == features.length
        raise ArgumentError, 'features: must be at most 24 names, each once'
      end

      @today = today.respond_to?(:call) ? today : -> { today || Time.now.utc.to_date }
      @latest_day = latest_day.respond_to?(:call) ? latest_day : -> { latest_day }
      @build_date = build_date
      @allow_test = allow_test
      @revoked = revoked
      @features = features.dup.freeze
    rescue EncodingError, NoMethodError
      raise ArgumentError, 'product: must be a string that is UTF-8'
    end

    # The first verdict that applies. Never raises: what is not a String is 'empty'.
    def read(text)
      pasted = String === text ? Text.utf8(text) : ''
      if Text.code?(pasted) # nothing to find: a program reads the code that it has stored
        bytes = Text.bytes_of(pasted)
        return judge(pasted, bytes) if Crc16.fits?(bytes) && refusal(bytes).nil? && genuine?(bytes)
      end
      search(pasted)
    end

    private

    def search(pasted)
      letters = Letters.new(pasted)
      checks = Checks.new(method(:genuine?))
      found, refusals, starts = find(letters, checks)
      bare = found.empty? ? Letters.without_line_marks(pasted) : pasted
      unless bare == pasted
        found, more = find(Letters.new(bare), checks)
        refusals += more
      end
      return judge_all(found) if found.any?

      refusals.min_by { |refused| FURTHEST.index(refused.word) } || Damage.of(letters, starts, @heads, pasted)
    end

    # Steps 2 and 3: the genuine codes with their bytes and what was repaired in them, the refusals, the starts.
    def find(letters, checks)
      found = {}
      refusals = []
      places = []
      letters.mark_heads(@heads.places(letters))
      letters.codes.each do |code, at|
        bytes = Text.bytes_of(code)
        refused = refusal(bytes) || (checks.genuine?(code, bytes) ? nil : Verdict.new(word: 'forged'))
        next refusals << refused if refused

        found[code] = [bytes, nil]
        places.concat(at)
      end
      # No room for another: the usual case.
      return [found, refusals, []] if found.any? && letters.count < 160 * (places.length + 1) - 1

      starts = @heads.starts(letters, places.sort)
      past = 0
      starts.each { |start| past = repair(letters, start, found, checks) || past unless start < past }
      [found, refusals, starts]
    end

    # Adds the genuine code that is one slip away from what stands at a start, and returns where it ends; nil if there is none.
    def repair(letters, start, found, checks)
      Slips.each_at(letters, start) do |code, slip|
        unless found.key?(code)
          bytes = Text.bytes_of(code)
          next if refusal(bytes) || !checks.genuine_repair?(code, bytes)

          found[code] = [bytes, letters.repaired(*slip)]
        end
        return slip[2]
      end
      nil
    end

    # Of the codes of one license (test flag, product tag, license id) the newest, in the order of the licenses.
    def judge_all(found)
      licenses = found.group_by { |_, (bytes, _)| [bytes.getbyte(0) & 0xfd, bytes.byteslice(2, 19)] }
      choices = licenses.map do |_, codes|
        code, (bytes, repaired) = codes.max_by.with_index { |(_, (bytes, _)), i| [bytes.byteslice(21, 2), -i] }
        judge(code, bytes, repaired)
      end
      choices.length == 1 ? choices.first : Verdict.new(word: 'several', choices: choices)
    end

    def refusal(bytes)
      first = bytes.getbyte(0)
      return Verdict.new(word: 'unsupported-version', version: first >> 4) unless first & 0b11111100 == 0x10
      return Verdict.new(word: 'wrong-product') unless bytes.byteslice(2, 3) == @tag

      key_id = bytes.getbyte(1)
      @keys.key?(key_id) ? nil : Verdict.new(word: 'unknown-key', key_id: key_id)
    end

    def genuine?(bytes)
      test, key = @keys[bytes.getbyte(1)]
      (bytes.getbyte(0) & 1 == 1) == test &&
        Signature.fits?(key, bytes.byteslice(34, 64), @prefix + bytes.byteslice(0, 34))
    end

    def judge(code, bytes, repaired = nil)
      flags, key_id, *id, revision, issued, last, updates, seats, high, low = bytes.unpack(FIELDS)
      license = License.new(
        id.join('-'), @product, revision, EPOCH + issued, last.zero? ? nil : EPOCH + last,
        updates.zero? ? nil : EPOCH + updates, seats, high << 16 | low, flags & 1 == 1, flags & 2 == 2, key_id
      ).freeze
      latest = day_or_nil(@latest_day.call)
      today = later(later(@today.call, @build_date), latest)
      needed = last.zero? ? license.issued : license.last_valid + 1
      needed = today if today < needed
      word = judge_license(license, today)
      features = word == 'valid' ? @features.select.with_index { |_, i| license.features[i] == 1 } : []
      Verdict.new(word: word, license: license, code: code, repaired: repaired, keep: later(needed, latest),
                  features: features)
    end

    def judge_license(license, today)
      return 'test-code' if license.test && !@allow_test
      # A computer's clock may be behind.
      return 'not-yet-valid' if license.last_valid && license.issued.jd - today.jd > 2
      return 'revoked' if @revoked.include?(license.id)
      return 'expired' if license.last_valid && license.last_valid < today
      return 'updates-ended' if @build_date && license.updates_until && license.updates_until < @build_date

      'valid'
    end

    def later(day, other)
      other && other > day ? other : day
    end

    def day_or_nil(day)
      return day.instance_of?(Date) ? day : nil unless String === day

      parts = /\A(\d{4})-(\d\d)-(\d\d)\z/.match(day.b)&.captures&.map(&:to_i)
      parts && Date.valid_date?(*parts) ? Date.new(*parts) : nil
    end

    FIELDS = 'CCx3H8H4H4H4H12nnnnnCn'
    EPOCH = Date.new(1970, 1, 1)
    FURTHEST = %w[forged unknown-key wrong-product unsupported-version].freeze
    private_constant :FIELDS, :EPOCH, :FURTHEST
  end

  # Counts the signature checks in one text: each takes time. No forged code is checked twice.
  class Checks
    MOST_FAILURES = 5
    MOST_REPAIRS = 4

    def initialize(genuine)
      @genuine = genuine
      @forged = {}
      @repairs = 0
    end

    def genuine?(code, bytes)
      return false if @forged[code] || @forged.length >= MOST_FAILURES

      @genuine.call(bytes).tap { |genuine| @forged[code] = true unless genuine }
    end

    def genuine_repair?(code, bytes)
      return false if @forged[code] || @repairs >= MOST_REPAIRS

      @repairs += 1
      genuine?(code, bytes)
    end
  end

  # Ed25519 as libsodium checks it: no key or R of small order, no key that is not canonical, S < L.
  module Signature
    L = 2**252 + 27_742_317_777_372_353_535_851_937_790_883_648_493
    L_BYTES = [L.to_s(16)].pack('H*').freeze # big-endian
    SMALL_ORDER = ['00' * 32, "01#{'00' * 31}", "ec#{'ff' * 30}7f", "ed#{'ff' * 30}7f", "ee#{'ff' * 30}7f",
                   '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
                   'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a']
                  .to_h { |y| [[y].pack('H*'), true] }.freeze
    SPKI = ['302a300506032b6570032100'].pack('H*').freeze # what OpenSSL wants before a raw key (RFC 8410, 4)

    module_function

    def verify_strict(public_key, signature, message)
      signature.bytesize == 64 && usable?(public_key) && fits?(load(public_key), signature, message)
    end

    def fits?(key, signature, message)
      return false if key.nil? || small_order?(signature) || signature.byteslice(32, 32).reverse >= L_BYTES

      key.verify(nil, signature, message)
    rescue OpenSSL::PKey::PKeyError
      false
    end

    def load(public_key)
      OpenSSL::PKey.read(SPKI + public_key)
    rescue OpenSSL::PKey::PKeyError
      nil
    end

    def usable?(key)
      key.bytesize == 32 && !small_order?(key) &&
        key.reverse.unpack1('H*').to_i(16) % 2**255 < 2**255 - 19
    end

    def small_order?(point)
      y = point.byteslice(0, 32)
      y.setbyte(31, y.getbyte(31) & 0x7f)
      SMALL_ORDER.key?(y)
    end
  end

  # keyring.json, parsed, as id => [test?, key].
  module Keyring
    def self.parse(entries)
      raise ArgumentError, 'keyring: holds no key, so no code could be valid' unless entries.is_a?(Array) && entries.any?

      seen = {}
      entries.each_with_index.to_h do |entry, i|
        fault = fault_of(entry, seen)
        raise ArgumentError, "keyring, entry #{i}: #{fault}" if fault

        key = [entry['publicKey']].pack('H*')
        seen[entry['id']] = seen[key] = true
        [entry['id'], [entry['mode'] == 'test', Signature.load(key)]]
      end
    end

    def self.fault_of(entry, seen)
      return 'fields missing or unknown' unless entry.is_a?(Hash) && entry.keys.sort_by(&:to_s) == FIELDS

      id, hex, created = entry.values_at('id', 'publicKey', 'created')
      return 'id must be from 1 to 255, each once' unless id.is_a?(Integer) && id.between?(1, 255) && !seen[id]
      return 'mode must be live or test' unless %w[live test].include?(entry['mode'])
      return 'state must be next, active or retired' unless %w[next active retired].include?(entry['state'])
      return 'publicKey must be 32 bytes in hex' unless hex.is_a?(String) && hex.match?(/\A\h{64}\z/)

      key = [hex].pack('H*')
      return 'publicKey must be each once, canonical and not of small order' if seen[key] || !Signature.usable?(key)

      day = created.is_a?(String) && /\A(\d{4})-(\d\d)-(\d\d)\z/.match(created)
      'created must be a day' unless day && Date.valid_date?(*day.captures.map(&:to_i))
    end
    FIELDS = %w[created id mode publicKey state].freeze
    private_class_method :fault_of
  end

  # CRC-16/CCITT-FALSE.
  module Crc16
    byte = ->(crc) { 8.times.inject(crc) { |c, _| (c << 1 ^ (c[15] * 0x1021)) & 0xffff } }
    low = Array.new(256) { |bits| byte.call(bits << 8) }
    high = low.map(&byte)
    AFTER_16_BITS = Array.new(0x10000) { |bits| high[bits >> 8] ^ low[bits & 0xff] }.freeze
    AFTER_5_BITS = low.first(32).freeze
    VALUES = Array.new(128) { |code| '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.index(code.chr) || 0 }.freeze

    # Whether the check digits of 100 bytes fit. 16 bits at a step: 8 at a step take a tenth of a signature check.
    def self.fits?(bytes)
      words = bytes.unpack('n50')
      crc = 0xffff
      i = -1
      crc = AFTER_16_BITS[crc ^ words[i]] while (i += 1) < 50
      crc.zero?
    end

    # The register after five more bits.
    def self.step(register, value)
      (register << 5 & 0xffff) ^ AFTER_5_BITS[register >> 11 ^ value]
    end

    # The register before each letter and behind the last, from 0 on; a wrong one counts as 0.
    def self.registers(letters)
      letters.each_byte.inject([0]) { |registers, code| registers << step(registers.last, VALUES[code]) }
    end

    # Whether the check digits of the 160 letters between fit.
    def self.whole?(before, behind)
      behind == over_a_code(before ^ 0xffff)
    end

    # What each bit of the register becomes over the length of a code, and from it what each byte becomes.
    over = Array.new(16) { |bit| 50.times.inject(1 << bit) { |crc, _| AFTER_16_BITS[crc] } }
    OVER = [0, 8].map { |at| Array.new(256) { |bits| (0..7).inject(0) { |sum, i| sum ^ bits[i] * over[at + i] } }.freeze }.freeze

    def self.over_a_code(register)
      OVER[1][register >> 8] ^ OVER[0][register & 0xff]
    end
    START = over_a_code(0xffff) # what is left of no letters at all
  end

  # A code as text and as bytes.
  module Text
    ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
    LONGEST_PASTE = 65_536

    module_function

    def code?(text)
      text.bytesize == 160 && text.count('0-9A-HJKMNP-TV-Z') == 160
    end

    def bytes_of(code)
      code.tr(ALPHABET, '0-9A-V').to_i(32).to_bn.to_s(2).rjust(100, "\0")
    end

    # Of as many bytes as make whole letters.
    def of(bytes)
      bytes.unpack1('B*').scan(/.{5}/).map { |bits| ALPHABET[bits.to_i(2)] }.join
    end

    # What is looked at. Bytes of no known encoding are taken as UTF-8; what is none becomes U+FFFD, which means nothing.
    def utf8(text)
      text = text.byteslice(0, 16 * LONGEST_PASTE) if text.bytesize > 16 * LONGEST_PASTE
      unless text.encoding == Encoding::UTF_8 && text.valid_encoding?
        text = [Encoding::UTF_8, Encoding::BINARY].include?(text.encoding) ? forced(text) : encoded(text)
      end
      text.length > LONGEST_PASTE ? text[0, LONGEST_PASTE] : text
    end

    def encoded(text)
      text.encode(Encoding::UTF_8, invalid: :replace, undef: :replace)
    rescue EncodingError
      forced(text)
    end

    def forced(text)
      text.dup.force_encoding(Encoding::UTF_8).scrub
    end
    private_class_method :encoded, :forced
  end

  # Step 1. A text is made flat: a letter of the alphabet for each character that is read as one, WRONG for a wrong one, a
  # space for a gap, a line feed for a gap that is a line break.
  class Letters
    WRONG = '?'

    # What stands for a character, or for nothing, in a text that a program wrote (URL, quoted-printable, HTML, JSON), and
    # UTF-8 that was read as another character set.
    ESCAPE = /
      %(?:25){0,4}(?<byte>\h{2})
      |=(?:3[Dd]|0[AaDd]|[89A-Fa-f]\h|(?:20|09)(?=[\r\n=]|\z))
      |&(?:amp;){0,4}(?:(?:\#(?<decimal>[0-9]{1,7})|\#[Xx](?<hex>\h{1,6})|[A-Za-z][A-Za-z0-9]{1,31});|shy|nbsp)
      |<\/?[A-Za-z][^<>]{0,158}>
      |\\(?:u(?<unit>\h{4})|'[89A-Fa-f]\h|(?:par|line)(?![a-z])|[nrt])
      |\u00c2[\u0020\u0080-\u00bf]|\u00e2[\u0080\u20ac][\u0080-\u2122]|\u00ef\u00bb\u00bf
    /x.freeze
    EACH = /#{ESCAPE}|./m.freeze
    # What mail programs and editors put before each line: `Ada>`, `1:`, `(2)`, a number.
    LINE_MARK = /(\A|[\n\r])([\t >|(\[]*(?:[0-9A-Za-z]{1,10}[>:.)|\]]|[0-9]{1,4}[\t ]))/.freeze

    # What each character is read as: NFKC, upper case, and nothing for what means nothing. A table, as the Unicode
    # version of unicode_normalize depends on Ruby's.
    ROWS = <<~TEXT
      <fold-rows>
      80-A9: AA:A AB-B1: B2-B3:2+ B4: B6-B8: B9:1 BA:O BB: BC:14 BD:12 BE:34 BF: D7: DF:SS
      F7: 131:I 132-133:IJ 13F-140:L 17F:S 1C7-1C9:LJ 1CA-1CC:NJ 1F1-1F3:DZ 2B0:H 2B2:J
      2B3:R 2B7:W 2B8:Y 2E1:L 2E2:S 2E3:X 34F: 58A: 5BE: 61C: 115F-1160: 1400: 1680:
      17B4-17B5: 1806: 180B-180F: 1D2C:A 1D2E:B 1D30-1D31:D+ 1D33-1D3A:G+ 1D3C:O 1D3E:P
      1D3F:R 1D40-1D41:T+ 1D42:W 1D43:A 1D47:B 1D48-1D49:D+ 1D4D:G 1D4F:K 1D50:M 1D52:O
      1D56:P 1D57-1D58:T+ 1D5B:V 1D62:I 1D63:R 1D64-1D65:U+ 1D9C:C 1DA0:F 1DBB:Z 2000-206F:
      2070:0 2071:I 2074-2079:4+ 207B: 207F:N 2080-2089:0+ 208B: 2090:A 2091:E 2092:O 2093:X
      2095:H 2096-2099:K+ 209A:P 209B-209C:S+ 20A0-20A7: 20A8:RS 20A9-20CF: 2100:AC 2101:AS
      2102-2103:C 2105:CO 2109-210B:F+ 210C-210E:H 2110-2111:I 2112-2113:L 2115:N 2116:NO
      2119-211B:P+ 211C-211D:R 2120:SM 2121:TEL 2122:TM 2124:Z 2128:Z 212A:K 212C-212D:B+
      212F-2130:E 2131:F 2133:M 2134:O 2139:I 213B:FAX 2145-2146:D 2147:E 2148-2149:I+
      2150:17 2151:19 2152:110 2153:13 2154:23 2155:15 2156:25 2157:35 2158:45 2159:16
      215A:56 215B:18 215C:38 215D:58 215E:78 215F:1 2160:I 2161:II 2162:III 2163:IV 2164:V
      2165:VI 2166:VII 2167:VIII 2168:IX 2169:X 216A:XI 216B:XII 216C:L 216D-216E:C+ 216F:M
      2170:I 2171:II 2172:III 2173:IV 2174:V 2175:VI 2176:VII 2177:VIII 2178:IX 2179:X
      217A:XI 217B:XII 217C:L 217D-217E:C+ 217F:M 2190-245F: 2460-2468:1+ 2469-2472:10+
      2473:20 2474-247C:1+ 247D-2486:10+ 2487:20 2488-2490:1+ 2491-249A:10+ 249B:20
      249C-24B5:A+ 24B6-24CF:A+ 24D0-24E9:A+ 24EA:0 24EB-2BFF: 2C7C:J 2C7D:V 2E00-2E2E:
      2E30-2E7F: 3000-3004: 3008-3020: 3030: 3036-3037: 303D-303F: 30A0: 3164: 3250:PTE
      3251-3259:21+ 325A-325F:30+ 32B1-32B4:36+ 32B5-32BE:40+ 32BF:50 32CC:HG 32CD:ERG
      32CE:EV 32CF:LTD 3371:HPA 3372:DA 3374:BAR 3375:OV 3376:PC 3377:DM 3378-3379:DM2+
      3380:PA 3381:NA 3383:MA 3384-3385:KA+ 3386:MB 3387:GB 3388:CAL 3389:KCAL 338A:PF
      338B:NF 338E:MG 338F:KG 3390:HZ 3391:KHZ 3392:MHZ 3393:GHZ 3394:THZ 3396:ML 3397:DL
      3398:KL 3399:FM 339A:NM 339C:MM 339D:CM 339E:KM 339F:MM2 33A0:CM2 33A1:M2 33A2:KM2
      33A3:MM3 33A4:CM3 33A5:M3 33A6:KM3 33A7:MS 33A8:MS2 33A9:PA 33AA:KPA 33AB:MPA 33AC:GPA
      33AD:RAD 33AE:RADS 33AF:RADS2 33B0:PS 33B1:NS 33B3:MS 33B4:PV 33B5:NV 33B7:MV 33B8:KV
      33B9:MV 33BA:PW 33BB:NW 33BD:MW 33BE:KW 33BF:MW 33C2:AM 33C3:BQ 33C4-33C5:CC+ 33C6:CKG
      33C7:CO 33C8:DB 33C9:GY 33CA:HA 33CB:HP 33CC:IN 33CD:KK 33CE:KM 33CF:KT 33D0-33D1:LM+
      33D2:LOG 33D3:LX 33D4:MB 33D5:MIL 33D6:MOL 33D7:PH 33D8:PM 33D9:PPM 33DA:PR 33DB:SR
      33DC:SV 33DD:WB 33DE:VM 33DF:AM 33FF:GAL A7F1:S A7F2:C A7F3:F A7F4:Q FB00:FF FB01:FI
      FB02:FL FB03:FFI FB04:FFL FB05-FB06:ST FE00-FE1F: FE30-FE6F: FEFF: FF01-FF0F:
      FF10-FF19:0+ FF1A-FF20: FF21-FF3A:A+ FF3B-FF40: FF41-FF5A:A+ FF5B-FF65: FFA0:
      FFE0-FFFD: 107A5:Q 10D6E: 10EAD: 1BCA0-1BCA3: 1CCD6-1CCEF:A+ 1CCF0-1CCF9:0+
      1D173-1D17A: 1D400-1D419:A+ 1D41A-1D433:A+ 1D434-1D44D:A+ 1D44E-1D454:A+
      1D456-1D467:I+ 1D468-1D481:A+ 1D482-1D49B:A+ 1D49C:A 1D49E-1D49F:C+ 1D4A2:G
      1D4A5-1D4A6:J+ 1D4A9-1D4AC:N+ 1D4AE-1D4B5:S+ 1D4B6-1D4B9:A+ 1D4BB:F 1D4BD-1D4C3:H+
      1D4C5-1D4CF:P+ 1D4D0-1D4E9:A+ 1D4EA-1D503:A+ 1D504-1D505:A+ 1D507-1D50A:D+
      1D50D-1D514:J+ 1D516-1D51C:S+ 1D51E-1D537:A+ 1D538-1D539:A+ 1D53B-1D53E:D+
      1D540-1D544:I+ 1D546:O 1D54A-1D550:S+ 1D552-1D56B:A+ 1D56C-1D585:A+ 1D586-1D59F:A+
      1D5A0-1D5B9:A+ 1D5BA-1D5D3:A+ 1D5D4-1D5ED:A+ 1D5EE-1D607:A+ 1D608-1D621:A+
      1D622-1D63B:A+ 1D63C-1D655:A+ 1D656-1D66F:A+ 1D670-1D689:A+ 1D68A-1D6A3:A+ 1D6A4:I
      1D7CE-1D7D7:0+ 1D7D8-1D7E1:0+ 1D7E2-1D7EB:0+ 1D7EC-1D7F5:0+ 1D7F6-1D7FF:0+
      1F000-1F0FF: 1F100-1F101:0 1F102-1F10A:1+ 1F10B-1F10F: 1F110-1F129:A+ 1F12A:S 1F12B:C
      1F12C:R 1F12D:CD 1F12E:WZ 1F12F: 1F130-1F149:A+ 1F14A:HV 1F14B:MV 1F14C:SD 1F14D:SS
      1F14E:PPV 1F14F:WC 1F150-1F169: 1F16A-1F16B:MC+ 1F16C:MR 1F16D-1F18F: 1F190:DJ
      1F191-1FAFF: 1FBF0-1FBF9:0+ E0000-E0FFF:
      </fold-rows>
    TEXT

    READ = Hash.new(WRONG)
    (0..127).each { |code| READ[code.chr(Encoding::UTF_8)] = ' ' }
    [*'0'..'9', *'A'..'Z'].each { |c| READ[c] = READ[c.downcase] = c.tr('ILOU', "110#{WRONG}") }
    ROWS.scan(/(\h+)(?:-(\h+))?:(\w*)(\+?)/) do |first, last, target, rises|
      (first.hex..(last || first).hex).each do |point|
        read = target.include?('U') ? WRONG : target.tr('ILO', '110')
        READ[[point].pack('U')] = read.empty? ? ' ' : read
        target = target[0..-2] + (target[-1].ord + 1).chr unless rises.empty?
      end
    end
    "\n\v\f\r\u0085\u2028\u2029".each_char { |character| READ[character] = "\n" }
    READ.freeze

    # As many spaces in the place of line marks, so that positions stay what they are.
    def self.without_line_marks(pasted)
      pasted.gsub(LINE_MARK) { $1 + ' ' * $2.length }
    end

    # gaps: where words begin, in order, and the end. edges: these and what is beside a wrong letter, as keys.
    attr_reader :text, :count, :gaps, :edges

    def initialize(pasted)
      @pasted = pasted
      @flat = flat_of(pasted)
      words = @flat.split
      @text = words.join
      @count = @text.length
      @gaps = words.inject([0]) { |gaps, word| gaps << gaps.last + word.length }
      @edges = @gaps.to_h { |gap| [gap, true] }
      # Links that a mail server rewrote have -3D or *3D in the place of "=".
      @gaps.zip(words) { |gap, word| @edges[gap + 2] = true if word&.start_with?('3D') } if @text.include?('3D')
      @text.scan(WRONG) { @edges[$~.begin(0)] = @edges[$~.end(0)] = true }
      @heads = {}
    end

    # A code that begins with a whole head is found where it is joined to other text.
    def mark_heads(places)
      @heads = places.to_h { |place| [place, true] }
      @edges.update(@heads)
    end

    # The first gap behind a place: a wrong letter ends no word.
    def word_end(start)
      @gaps.bsearch { |gap| gap > start }
    end

    def wrongs(start, finish)
      @text[start...finish].count(WRONG)
    end

    # Where the first wrong letter is; nil if there is none.
    def wrong(start, finish)
      at = @text.index(WRONG, start)
      at && at < finish ? at : nil
    end

    # Where paragraphs begin, as keys.
    def paragraphs
      @paragraphs ||= begin
        at = 0
        @flat.split(/\n *\n/).to_h { |part| [at += part.count("^ \n"), true] }
      end
    end

    # How many of these letters were read from an ASCII digit.
    def digits(start, finish)
      kinds[start...finish].count('1')
    end

    # Upper and lower case, as in base64 and in links.
    def mixed?(start, finish)
      between = kinds[start...finish]
      between.include?('a') && between.include?('A')
    end

    # What each letter was read from, and its position in the pasted text.
    def sources
      @sources ||= begin
        position = 1
        found = []
        @pasted.scan(EACH) do
          point = unescape($~)
          read = READ[point]
          read.each_char { found << [point, position] } unless read.match?(/\s/)
          position += $~[0].length
        end
        found
      end
    end

    # `cut` letters at a place are replaced by `put`, in letters that end at `finish`.
    def repaired(kind, at, finish, cut, put)
      position = at < finish ? sources[at][1] : sources[at - 1][1] + 1
      Repaired.new(kind, position, sources[at, cut].map(&:first).join, put).freeze
    end

    # Step 2: stretches of 160 letters from edge to edge whose check digits fit, and where each begins.
    def codes
      return {} if @count < 160

      registers = Crc16.registers(@text)
      codes = {}
      @edges.keys.sort.each do |start|
        finish = start
        while finish + 160 <= @count && Crc16.whole?(registers[finish], registers[finish + 160]) &&
              wrongs(finish, finish + 160).zero?
          finish += 160
          break if @edges[finish]
        end
        next unless @edges[finish] || @heads[start]

        start.step(finish - 1, 160) { |at| (codes[@text[at, 160]] ||= []) << at }
      end
      codes
    end

    private

    def flat_of(pasted)
      flat = unescaped(pasted).gsub("\r\n", " \n")
      flat = flat.tr("\0-\t\x0e-/:-@[-`{-\x7f", ' ').tr("\v\f\r", "\n").tr('a-z', 'A-Z').tr('ILOU', "110#{WRONG}")
      flat.ascii_only? ? flat : flat.gsub(/[^\0-\x7f]/, READ)
    end

    # What each letter was read from: 1 a digit, A upper case, a lower case, else a dot. I, l and O are typed for 1 and 0.
    def kinds
      @kinds ||= begin
        kinds = unescaped(@pasted).tr("\0-/:-@[-`{-\x7f", ' ').tr('iloILO', '.').tr('0-9', '1').tr('A-Z', 'A').tr('a-z', 'a')
        kinds = kinds.gsub(/[^\0-\x7f]/) { |character| READ[character].gsub(/\S/, '.') } unless kinds.ascii_only?
        kinds.delete(" \n")
      end
    end

    def unescaped(pasted)
      pasted.gsub(ESCAPE) { unescape($~) }
    end

    # The code point that an escape stands for, or a space; of any other character, itself.
    def unescape(match)
      hex = match[:byte] || match[:hex] || match[:unit]
      point = hex ? hex.hex : match[:decimal]&.to_i
      return match[0].length == 1 ? match[0] : ' ' if point.nil?
      return ' ' if point > (match[:byte] ? 0x7f : 0x10ffff) || point.between?(0xd800, 0xdfff)

      character = [point].pack('U')
      READ[character].match?(/\s/) ? ' ' : character
    end
  end

  # Step 3. Check digits are linear: each letter at each place adds a number of its own (XOR) to what the CRC leaves, 0 for a
  # code. So what is left tells at each place which letter would fit there.
  module Slips
    # What each letter adds at each place; nothing if it is wrong.
    WEIGHTS = Array.new(160) { Hash.new(0) }
    Text::ALPHABET.each_char.with_index do |letter, value|
      weight = Crc16.step(0, value)
      WEIGHTS.reverse_each do |weights|
        weights[letter] = weight
        weight = Crc16.step(weight, 0)
      end
    end
    WEIGHTS.each(&:freeze).freeze
    BY_WEIGHT = WEIGHTS.map(&:invert).freeze

    module_function

    # Yields each code one slip away from what stands at a start, and the slip, as Letters#repaired takes it.
    def each_at(letters, start)
      { 160 => :same_length, 159 => :omissions, 161 => :insertions }.each do |length, slips|
        finish = start + length
        next unless letters.edges[finish]

        text = letters.text[start...finish]
        next if text.count(Letters::WRONG) > 1

        send(slips, text, text.index(Letters::WRONG)) do |kind, place, cut, put|
          code = text.dup
          code[place, cut] = put
          yield code, [kind, start + place, finish, cut, put]
        end
      end
    end

    def same_length(text, wrong)
      rest = rest_of(text)
      (wrong ? [wrong] : 0...160).each do |place|
        put = BY_WEIGHT[place][rest ^ WEIGHTS[place][text[place]]]
        yield 'substitution', place, 1, put if put && put != text[place]
      end
      return if wrong

      (0...159).each do |place|
        a, b = text[place], text[place + 1]
        here, there = WEIGHTS[place], WEIGHTS[place + 1]
        yield 'swap', place, 2, b + a if a != b && here[a] ^ there[b] ^ here[b] ^ there[a] == rest
      end
    end

    def omissions(text, wrong)
      return if wrong

      rest = rest_of(text, 1)
      (0...160).each do |place|
        put = BY_WEIGHT[place][rest]
        yield 'omission', place, 0, put if put && (place.zero? || text[place - 1] != put)
        rest ^= WEIGHTS[place + 1][text[place]] ^ WEIGHTS[place][text[place]] if place < 159
      end
    end

    def insertions(text, wrong)
      rest = rest_of(text[1..-1])
      (0..160).each do |place|
        may = wrong ? wrong == place : place.zero? || text[place - 1] != text[place]
        yield 'insertion', place, 1, '' if may && rest.zero?
        rest ^= WEIGHTS[place][text[place]] ^ WEIGHTS[place][text[place + 1]] if place < 160
      end
    end

    # What the CRC leaves, with these letters at the places from `first` on.
    def rest_of(letters, first = 0)
      letters.each_char.with_index(first).inject(Crc16::START) { |rest, (letter, place)| rest ^ WEIGHTS[place][letter] }
    end
  end

  # How the codes begin that a reader may accept: the first 8 letters.
  class Heads
    MOST_STARTS = 16

    def initialize(tag, keys)
      @heads = keys.flat_map do |id, (test, _)|
        [0, 2].map { |trial| Text.of([0x10 | trial | (test ? 1 : 0), id].pack('CC') + tag) }
      end
      firsts, lasts = [[0, 4], [5, 3]].map { |at, length| Regexp.union(@heads.map { |head| head[at, length] }) }
      # One slip leaves the first four letters as they are, or the last three, at most one place off.
      @near = /(?=#{firsts}|.{4,6}#{lasts})/
      @whole = /(?=#{Regexp.union(@heads)})/
    end

    # Where a whole head stands. A code with two letters too many is not one that is joined to other text.
    def places(letters)
      places = []
      return places if letters.count < 163

      letters.text.scan(@whole) { places << $~.begin(0) }
      places
    end

    # Whether the letters from a place on begin like a code, as far as there are some.
    def begins?(letters, start)
      text = letters.text[start, 8]
      @heads.any? { |head| head.start_with?(text) }
    end

    # The first 16 that are in no genuine code; `genuine` is where those begin, in order.
    def starts(letters, genuine)
      starts = []
      outside = 0
      letters.text.scan(@near) do
        at = $~.begin(0)
        outside = genuine.shift + 160 while genuine.any? && genuine.first <= at
        starts << at if at >= outside && letters.edges[at]
        break if starts.length == MOST_STARTS
      end
      starts
    end
  end

  # Step 5: what is wrong with a text in which no whole code was found.
  module Damage
    WORD = /[^\t-\r ]+/.freeze
    CORE = /[0-9A-Za-z](?:.*[0-9A-Za-z])?/m.freeze
    ORDER_NUMBER = /\A[0-9A-Za-z-]{4,40}\z/.freeze
    NO_ORDER_NUMBER = /\A(?:\d{4}-\d\d-\d\d|\d\d-\d\d-\d{4}|\h{8}(?:-\h{4}){3}-\h{12})\z/.freeze # a day, a license id
    ADDRESS = /\A[^@]+@[^@]+\.[^@]+\z/.freeze

    module_function

    def of(letters, starts, heads, pasted)
      return Verdict.new(word: 'empty') if letters.count.zero?

      start, finish, known = known_piece(letters, starts, heads) || long_word(letters) || many_digits(letters)
      return Verdict.new(word: 'no-code', seen: seen_in(pasted)) if start.nil?

      count = finish - start
      group = group_of(letters, start, finish, known && !heads.begins?(letters, start))
      wrong = letters.wrong(start, finish)
      if count >= 159 && wrong
        character, position = letters.sources[wrong]
        return Verdict.new(word: 'bad-character', character: character, position: position, group: group)
      end
      return Verdict.new(word: 'mistyped', group: group) if count == 160

      count < 160 ? Verdict.new(word: 'too-short', count: count, group: group) : Verdict.new(word: 'too-long', count: count)
    end

    def known_piece(letters, starts, heads)
      starts.each do |start|
        finish = piece_end(letters, start)
        return [start, finish, true] if finish - start >= 20 || heads.begins?(letters, start)
      end
      letters.count < 4 && heads.begins?(letters, 0) ? [0, letters.count, true] : nil
    end

    def long_word(letters)
      words = letters.gaps.each_cons(2).select do |start, finish|
        finish - start >= 20 && letters.wrongs(start, finish) <= 2 && !letters.mixed?(start, finish)
      end
      start, = words.max_by.with_index { |(first, finish), i| [finish - first, -i] }
      start && [start, piece_end(letters, start), false]
    end

    def many_digits(letters)
      letters.count >= 40 && letters.digits(0, letters.count) * 5 >= letters.count ? [0, letters.count, false] : nil
    end

    # An edge at the length of a code, or one off; else where prose begins.
    def piece_end(letters, start)
      near = prose_after(letters, start, 161)
      length = [160, 159, 161].find { |each| start + each <= near && letters.edges[start + each] }
      length ? start + length : prose_after(letters, start, letters.count)
    end

    # Where prose begins, or the end of the word that makes it so many letters.
    def prose_after(letters, start, enough)
      finish = letters.word_end(start)
      last = finish - start
      while finish - start < enough && finish < letters.count && !letters.paragraphs[finish]
        following = letters.word_end(finish)
        break if prose?(letters, finish, following, last) || letters.wrongs(finish, following) > 2

        last = following - finish
        finish = following
      end
      finish
    end

    # A short word behind a longer one, or a word without digits that is no group like the last one.
    def prose?(letters, start, finish, last)
      length = finish - start
      at_end = finish == letters.count
      return true if length < 4 && last >= 4 && !at_end

      group = (length - last).abs <= 1 || (at_end && length < last && last < 20) # the last may be on its way still
      !group && letters.digits(start, finish).zero?
    end

    def group_of(letters, start, finish, other_head)
      wrong = letters.wrong(start, finish)
      return (wrong - start) / 8 + 1 if wrong
      return 1 if other_head && finish - start >= 8

      ends = letters.gaps.select { |gap| gap > start && gap < finish } << finish
      lengths = [start, *ends].each_cons(2).map { |from, to| to - from }
      lengths.pop if finish - start < 160 # may be on its way still
      odd = lengths.count { |length| length != 8 }
      odd.between?(1, 2) && lengths.length - odd >= 2 ? lengths.index { |length| length != 8 } + 1 : nil
    end

    def seen_in(pasted)
      all = pasted.scan(WORD)
      cores = all.select { |word| word.length <= 200 }.map { |word| word[CORE] }.compact
      fewest = all.length == 1 ? 4 : 9
      return 'order-number' if cores.any? { |core| order_number?(core, fewest) }
      return 'e-mail-address' if cores.any? { |core| core.match?(ADDRESS) }

      pasted.include?('://') ? 'link' : 'text'
    end

    def order_number?(word, fewest)
      word.match?(ORDER_NUMBER) && !word.match?(NO_ORDER_NUMBER) && word.count('0-9') >= fewest
    end
  end
  private_constant :Checks, :Keyring, :Crc16, :Letters, :Slips, :Heads, :Damage
end
