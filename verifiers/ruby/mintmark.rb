# frozen_string_literal: true

# Verifies Mintmark license codes offline. Copy this file into your program; it needs Ruby 2.7 or later with openssl.
#
#   reader = Mintmark::Reader.new(product: 'my-app', keyring: JSON.parse(KEYRING), build_date: Date.new(2026, 11, 21))
#   verdict = reader.read(pasted_text)
#   if verdict.word == 'valid' then unlock(verdict.license.seats)
#   else show(Mintmark.explain(verdict))
#   end

require 'date'
require 'digest'
require 'openssl'

module Mintmark
  # last_valid and updates_until are inclusive Dates, or nil; 0 seats are unlimited; bit i of features is feature i.
  License = Struct.new(:id, :product, :revision, :issued, :last_valid, :updates_until, :seats, :features,
                       :test, :trial, :key_id)
  # The license is there from 'test-code' on; position counts from 1 in the cleaned text; the rest is nil where it
  # says nothing of the verdict.
  Verdict = Struct.new(:word, :license, :character, :position, :count, :version, :key_id)

  EXPLANATIONS = {
    'empty' => ->(_) { 'paste your license code' },
    'bad-character' => ->(v) { "character #{v.position} does not belong in a license code" },
    'too-short' => ->(v) { "this is #{v.count} of 160 characters: copy the whole line" },
    'too-long' => ->(v) { "this is #{v.count} characters instead of 160: copy only the line with the code" },
    'mistyped' => ->(_) { 'a character is wrong: paste it again' },
    'unsupported-version' => ->(_) { 'this license was made for a newer version of this program' },
    'wrong-product' => ->(_) { 'this license is for another product' },
    'unknown-key' => ->(_) { 'update the program, then try again' },
    'forged' => ->(_) { 'this is not a genuine license' },
    'test-code' => ->(_) { 'this is a test license' },
    'not-yet-valid' => ->(_) { 'this license begins in the future: check the date of your computer' },
    'revoked' => ->(_) { 'this license was withdrawn (refunded, for example)' },
    'expired' => ->(v) { "this license expired on #{v.license.last_valid}" },
    'updates-ended' => ->(v) { "this license covers versions built until #{v.license.updates_until}" },
    'valid' => ->(_) { 'licensed' }
  }.freeze

  # One sentence for the user; it holds nothing of what was pasted.
  def self.explain(verdict)
    EXPLANATIONS.fetch(verdict.word).call(verdict)
  end

  # Reads codes of one product.
  class Reader
    # keyring is keyring.json, parsed; today a Date in UTC, or what is called for it at each reading, the computer's if
    # not given; revoked has include?(license_id). An ArgumentError if one of them makes no sense.
    def initialize(product:, keyring:, today: nil, build_date: nil, allow_test: false, revoked: [])
      @product = product.encode(Encoding::UTF_8).freeze
      raise ArgumentError, 'product: must be 1 to 64 bytes of UTF-8' unless @product.bytesize.between?(1, 64)

      @tag = Digest::SHA512.digest(@product)[0, 3]
      @prefix = "mintmark license v1\0".b + [@product.bytesize].pack('C') + @product.b
      @keys = Keyring.parse(keyring)
      [today, build_date].each do |day|
        next if day.nil? || day.instance_of?(Date) || (day.equal?(today) && day.respond_to?(:call))

        raise ArgumentError, 'today and build_date: must be a Date'
      end
      @today = today.respond_to?(:call) ? today : -> { today || Time.now.utc.to_date }
      @build_date = build_date
      @allow_test = allow_test
      @revoked = revoked
    rescue EncodingError, NoMethodError
      raise ArgumentError, 'product: must be a string that is UTF-8'
    end

    # The first verdict that applies. Never raises: what is not a String is 'empty'.
    def read(text)
      cleaned = String === text ? Clean.clean(text) : ''
      return judge(Clean.bytes_of(cleaned)) if Clean.code?(cleaned)
      return Verdict.new('empty') if cleaned.empty?

      position = cleaned.index(Clean::FOREIGN)
      return Verdict.new('bad-character', nil, cleaned[position], position + 1) if position

      Verdict.new(cleaned.length < 160 ? 'too-short' : 'too-long', nil, nil, nil, cleaned.length)
    end

    private

    def judge(code)
      flags, key_id, tag, *id, revision, issued, last, updates, seats, high, low, signature, check = code.unpack(FIELDS)
      return Verdict.new('mistyped') unless Crc16.of(code) == check
      return Verdict.new('unsupported-version', nil, nil, nil, nil, flags >> 4) unless flags & 0b11111100 == 0x10
      return Verdict.new('wrong-product') unless tag == @tag

      test, key = @keys[key_id]
      return Verdict.new('unknown-key', nil, nil, nil, nil, nil, key_id) if test.nil?
      return Verdict.new('forged') unless (flags & 1 == 1) == test &&
                                          Signature.fits?(key, signature, @prefix + code.byteslice(0, 34))

      license = License.new(
        id.join('-'), @product, revision, EPOCH + issued, last.zero? ? nil : EPOCH + last,
        updates.zero? ? nil : EPOCH + updates, seats, high << 16 | low, test, flags & 2 == 2, key_id
      ).freeze
      Verdict.new(judge_license(license), license)
    end

    def judge_license(license)
      return 'test-code' if license.test && !@allow_test

      today = @today.call
      return 'not-yet-valid' if license.issued.jd - today.jd > 2 # a computer's clock may be behind
      return 'revoked' if @revoked.include?(license.id)
      return 'expired' if license.last_valid && license.last_valid < today
      return 'updates-ended' if @build_date && license.updates_until && license.updates_until < @build_date

      'valid'
    end

    FIELDS = 'CCa3H8H4H4H4H12nnnnnCna64n'
    EPOCH = Date.new(1970, 1, 1)
    private_constant :FIELDS, :EPOCH
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

  # CRC-16/CCITT-FALSE of the first 98 bytes, two at a step: one at a step takes a tenth of a signature check.
  module Crc16
    step = ->(crc) { 8.times.inject(crc) { |c, _| (c << 1 ^ (c[15] * 0x1021)) & 0xffff } }
    low = Array.new(256) { |byte| step.call(byte << 8) }
    high = low.map(&step)
    AFTER = Array.new(0x10000) { |two| high[two >> 8] ^ low[two & 0xff] }.freeze

    def self.of(code)
      words = code.unpack('n49')
      crc = 0xffff
      i = -1
      crc = AFTER[crc ^ words[i]] while (i += 1) < 49
      crc
    end
  end

  # From what was pasted to the characters that are judged.
  module Clean
    ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
    FOREIGN = /[^#{ALPHABET}]/.freeze
    # A character is read as four at most, so a shorter line or word can be no code.
    LINE = /[^\n\v\f\r\u0085\u2028\u2029]{40,}/.freeze
    WORD = /[^\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]{40,}/.freeze

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

    # What is not here is foreign, and stays.
    FOLD = Hash.new { |_, character| character }
    ('a'..'z').each { |letter| FOLD[letter] = letter.upcase.tr('ILO', '110') }
    FOLD.update('I' => '1', 'L' => '1', 'O' => '0')
    "\t\n\v\f\r ->*_`".each_char { |character| FOLD[character] = '' }
    ROWS.scan(/(\h+)(?:-(\h+))?:(\w*)(\+?)/) do |first, last, target, rises|
      (first.hex..(last || first).hex).each do |point|
        FOLD[[point].pack('U')] = target.tr('ILO', '110')
        target = target[0..-2] + (target[-1].ord + 1).chr unless rises.empty?
      end
    end
    FOLD.freeze

    module_function

    # The code, if the text is one or exactly one of its lines or words is; else all of it, cleaned. Linear in time.
    def clean(text)
      return text if text.encoding == Encoding::UTF_8 && code?(text)

      text = utf8(text)[0, 2**23]
      cleaned = once(fold(text))
      return cleaned if code?(cleaned)

      found = text.scan(LINE).lazy.flat_map { |line| codes_in(line) }.first(2)
      found.length == 1 ? found.first : cleaned
    end

    def code?(text)
      text.length == 160 && text.valid_encoding? && text.count('0-9A-HJKMNP-TV-Z') == 160
    end

    def bytes_of(code)
      code.tr(ALPHABET, '0-9A-V').to_i(32).to_bn.to_s(2).rjust(100, "\0")
    end

    def fold(text)
      text.gsub(FOREIGN, FOLD)
    end

    def once(cleaned)
      cleaned.length == 320 && cleaned[0, 160] == cleaned[160, 160] ? cleaned[0, 160] : cleaned
    end

    # A line that is a code counts once, not again for the word that it holds.
    def codes_in(line)
      cleaned = fold(line)
      code?(cleaned) ? [cleaned] : line.scan(WORD).map { |word| fold(word) }.select { |word| code?(word) }
    end

    # Bytes of no known encoding are taken as UTF-8; what is none becomes U+FFFD, which is foreign.
    def utf8(text)
      return text.dup.force_encoding(Encoding::UTF_8).scrub if [Encoding::UTF_8, Encoding::BINARY].include?(text.encoding)

      text.encode(Encoding::UTF_8, invalid: :replace, undef: :replace)
    rescue EncodingError
      text.dup.force_encoding(Encoding::UTF_8).scrub
    end
  end
  private_constant :Keyring, :Crc16
end
