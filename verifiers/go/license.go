// Package mintmark verifies Mintmark license codes, version 1, with no network. It needs the standard library alone:
// copy this file into your program.
//
//	var keyring []mintmark.Key // json.Unmarshal(keyringJSON, &keyring)
//	reader, err := mintmark.NewReader(mintmark.Options{Product: "acme-editor", Keyring: keyring})
//	verdict := reader.Read(pasted)
//	if verdict.Kind == mintmark.Valid { unlock(verdict.License.Seats) } else { tell(verdict.Explain()) }
//
// A Reader may be used by many goroutines. No text makes Read panic. Long, so that there is but one file to copy.
package mintmark

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha512"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"sort"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Key is an entry of keyring.json.
type Key struct {
	ID        int    `json:"id"`        // 1 to 255
	Mode      string `json:"mode"`      // live or test
	PublicKey string `json:"publicKey"` // 32 bytes, hex
}

// Options of a reader. Product and Keyring must be there.
type Options struct {
	Product   string                      // 1 to 64 bytes of UTF-8
	Keyring   []Key                       // in a production build, live keys only
	Today     func() time.Time            // asked at each reading, its UTC day counts; nil: time.Now
	BuildDate time.Time                   // its UTC day is held against UpdatesUntil; zero: not looked at
	AllowTest bool                        // whether test codes are accepted too
	Revoked   func(licenseID string) bool // whether a license was withdrawn; nil: that is not known
}

// License is what a genuine code says. Days are midnight UTC.
type License struct {
	ID, Product  string
	Revision     int
	Issued       time.Time
	LastValid    time.Time // inclusive; zero: perpetual
	UpdatesUntil time.Time // inclusive; zero: no limit
	Seats        int       // 0: unlimited
	Features     int       // bit i is the product's feature number i
	Test, Trial  bool
	KeyID        int
}

// Kind is the word for a verdict.
type Kind string

// The kinds in the order in which they are judged: the first that applies is the verdict.
const (
	Empty              Kind = "empty"
	BadCharacter       Kind = "bad-character"
	TooShort           Kind = "too-short"
	TooLong            Kind = "too-long"
	Mistyped           Kind = "mistyped"
	UnsupportedVersion Kind = "unsupported-version"
	WrongProduct       Kind = "wrong-product"
	UnknownKey         Kind = "unknown-key"
	Forged             Kind = "forged"
	TestCode           Kind = "test-code"
	NotYetValid        Kind = "not-yet-valid"
	Revoked            Kind = "revoked"
	Expired            Kind = "expired"
	UpdatesEnded       Kind = "updates-ended"
	Valid              Kind = "valid"
)

// Verdict is what became of a text. Only Valid is licensed.
type Verdict struct {
	Kind    Kind
	License *License // from TestCode on
	// BadCharacter: its position in the cleaned text, from 1. TooShort, TooLong: the count of characters.
	// UnsupportedVersion: the version. UnknownKey: the key id.
	Number    int
	Character rune // BadCharacter: as it was pasted
}

// Explain is one sentence for the user, which holds nothing of what was pasted.
func (v Verdict) Explain() string {
	switch v.Kind {
	case Empty:
		return "paste your license code"
	case BadCharacter:
		return fmt.Sprintf("character %d does not belong in a license code", v.Number)
	case TooShort:
		return fmt.Sprintf("this is %d of 160 characters: copy the whole line", v.Number)
	case TooLong:
		return fmt.Sprintf("this is %d characters instead of 160: copy only the line with the code", v.Number)
	case Mistyped:
		return "a character is wrong: paste it again"
	case UnsupportedVersion:
		return "this license was made for a newer version of this program"
	case WrongProduct:
		return "this license is for another product"
	case UnknownKey:
		return "update the program, then try again"
	case TestCode:
		return "this is a test license"
	case NotYetValid:
		return "this license begins in the future: check the date of your computer"
	case Revoked:
		return "this license was withdrawn (refunded, for example)"
	case Expired:
		return "this license expired on " + v.License.LastValid.Format("2006-01-02")
	case UpdatesEnded:
		return "this license covers versions built until " + v.License.UpdatesUntil.Format("2006-01-02")
	case Valid:
		return "licensed"
	}
	return "this is not a genuine license"
}

// Reader reads codes of one product. NewReader makes it.
type Reader struct {
	options Options
	tag     [3]byte
	prefix  []byte // of the signed bytes
	keys    map[int]verifyingKey
}

type verifyingKey struct {
	test   bool
	public ed25519.PublicKey
}

// NewReader fails, naming the option, if one is missing or makes no sense.
func NewReader(options Options) (*Reader, error) {
	product := options.Product
	if len(product) < 1 || len(product) > 64 || !utf8.ValidString(product) {
		return nil, fmt.Errorf("product: must be the product id, 1 to 64 bytes of UTF-8")
	}
	if len(options.Keyring) == 0 {
		return nil, fmt.Errorf("keyring: holds no key, so no code could be valid")
	}
	if options.Today == nil {
		options.Today = time.Now
	}
	if options.Revoked == nil {
		options.Revoked = func(string) bool { return false }
	}
	hash := sha512.Sum512([]byte(product))
	prefix := append([]byte("mintmark license v1\x00"), byte(len(product)))
	r := &Reader{options: options, prefix: append(prefix, product...), keys: map[int]verifyingKey{}}
	copy(r.tag[:], hash[:])
	for i, key := range options.Keyring {
		if err := r.addKey(key); err != nil {
			return nil, fmt.Errorf("keyring[%d]: %w", i, err)
		}
	}
	return r, nil
}

func (r *Reader) addKey(key Key) error {
	public, err := hex.DecodeString(key.PublicKey)
	switch {
	case key.ID < 1 || key.ID > 255:
		return fmt.Errorf("id must be 1 to 255")
	case key.Mode != "live" && key.Mode != "test":
		return fmt.Errorf("mode must be live or test")
	case err != nil || len(public) != 32:
		return fmt.Errorf("publicKey must be 32 bytes in hex")
	case !isUsable(public):
		return fmt.Errorf("publicKey is of small order or not canonical, so anyone could sign for it")
	}
	for id, other := range r.keys {
		if id == key.ID || bytes.Equal(other.public, public) {
			return fmt.Errorf("id or publicKey is there twice")
		}
	}
	r.keys[key.ID] = verifyingKey{key.Mode == "test", public}
	return nil
}

// Read gives the first verdict that applies to what was pasted. It panics only if Today or Revoked does.
func (r *Reader) Read(text string) Verdict {
	p := clean(text)
	switch {
	case p.foreign:
		return Verdict{Kind: BadCharacter, Number: p.count + 1, Character: p.character}
	case p.count == 0:
		return Verdict{Kind: Empty}
	case p.count < codeLength:
		return Verdict{Kind: TooShort, Number: p.count}
	case p.count > codeLength:
		return Verdict{Kind: TooLong, Number: p.count}
	}
	return r.judge(unarmor(p.letters[:codeLength]))
}

func (r *Reader) judge(code [100]byte) Verdict {
	two := func(at int) int { return int(binary.BigEndian.Uint16(code[at:])) }
	version, test, keyID := int(code[0]>>4), code[0]&1 != 0, int(code[1])
	key, known := r.keys[keyID]
	switch {
	case crc16(code[:98]) != two(98):
		return Verdict{Kind: Mistyped}
	case version != 1 || code[0]&0b1100 != 0:
		return Verdict{Kind: UnsupportedVersion, Number: version}
	case !bytes.Equal(code[2:5], r.tag[:]):
		return Verdict{Kind: WrongProduct}
	case !known:
		return Verdict{Kind: UnknownKey, Number: keyID}
	}
	signed := append(append(make([]byte, 0, 128), r.prefix...), code[:34]...)
	if test != key.test || !VerifyStrict(signed, code[34:98], key.public) {
		return Verdict{Kind: Forged}
	}
	license := &License{
		ID:      fmt.Sprintf("%x-%x-%x-%x-%x", code[5:9], code[9:11], code[11:13], code[13:15], code[15:21]),
		Product: r.options.Product, Revision: two(21), Issued: day(two(23)), Seats: two(29),
		Features: int(code[31])<<16 | two(32), Test: test, Trial: code[0]&2 != 0, KeyID: keyID,
	}
	if n := two(25); n != 0 {
		license.LastValid = day(n)
	}
	if n := two(27); n != 0 {
		license.UpdatesUntil = day(n)
	}
	return Verdict{Kind: r.judgeLicense(license), License: license}
}

func (r *Reader) judgeLicense(license *License) Kind {
	if license.Test && !r.options.AllowTest {
		return TestCode
	}
	today := r.options.Today().UTC().Truncate(24 * time.Hour)
	build := r.options.BuildDate
	switch {
	case license.Issued.After(today.AddDate(0, 0, clockSkewDays)):
		return NotYetValid
	case r.options.Revoked(license.ID):
		return Revoked
	case !license.LastValid.IsZero() && license.LastValid.Before(today):
		return Expired
	case !license.UpdatesUntil.IsZero() && !build.IsZero() && !build.Before(license.UpdatesUntil.AddDate(0, 0, 1)):
		return UpdatesEnded
	}
	return Valid
}

func day(number int) time.Time {
	return time.Unix(int64(number)*86400, 0).UTC()
}

const (
	alphabet      = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	codeLength    = 160
	clockSkewDays = 2
	longestText   = 1 << 23        // UTF-16 units of a text that are looked at
	shortest      = codeLength / 4 // in bytes: no unit of a text makes more than four characters
)

// piece is a text cleaned, up to its first foreign character.
type piece struct {
	letters   [2 * codeLength]byte // the first of them
	count     int
	foreign   bool
	character rune
}

func (p *piece) isCode() bool {
	return !p.foreign && p.count == codeLength
}

// clean gives the code if the text is one or exactly one of its lines or words is, otherwise the whole text cleaned.
func clean(text string) piece {
	text = cut(text)
	whole := cleanPiece(text)
	if !whole.foreign && whole.count == 2*codeLength && bytes.Equal(whole.letters[:codeLength], whole.letters[codeLength:]) {
		whole.count = codeLength
	}
	if whole.isCode() {
		return whole
	}
	found := 0
	var code piece
	eachPart(text, func(c rune) bool { return strings.ContainsRune("\n\v\f\r\u0085\u2028\u2029", c) }, func(line string) bool {
		p := cleanPiece(line)
		if p.isCode() {
			found, code = found+1, p
			return found < 2
		}
		// A line that is a code counts once, not again for the word that it holds.
		eachPart(line, unicode.IsSpace, func(word string) bool {
			if p := cleanPiece(word); p.isCode() {
				found, code = found+1, p
			}
			return found < 2
		})
		return found < 2
	})
	if found == 1 {
		return code
	}
	return whole
}

// eachPart calls what it is given for the parts between separators that are long enough to be a code, until it says false.
func eachPart(text string, separates func(rune) bool, call func(string) bool) {
	for len(text) >= shortest {
		end := strings.IndexFunc(text, separates)
		rest := ""
		part := text
		if end >= 0 {
			_, size := utf8.DecodeRuneInString(text[end:])
			part, rest = text[:end], text[end+size:]
		}
		if len(part) >= shortest && !call(part) {
			return
		}
		text = rest
	}
}

// cut leaves what is looked at; half a character at the end stays as a foreign one.
func cut(text string) string {
	if len(text) <= longestText {
		return text
	}
	units := 0
	for at, c := range text {
		units++
		if c > 0xffff {
			units++
		}
		if units > longestText {
			if c > 0xffff && units == longestText+1 {
				return text[:at] + "\ufffd"
			}
			return text[:at]
		}
	}
	return text
}

func cleanPiece(text string) (p piece) {
	for _, c := range text {
		if c < 0x80 {
			switch letter := ascii[c]; letter {
			case meaningless:
			case foreign:
				return p.stop(c)
			default:
				p.add(letter)
			}
			continue
		}
		at := sort.Search(len(rows), func(i int) bool { return rows[i].last >= c })
		if at == len(rows) || c < rows[at].first {
			return p.stop(c)
		}
		row := rows[at]
		for i := 0; i < len(row.target); i++ {
			letter := row.target[i]
			if row.rises && i == len(row.target)-1 {
				letter += byte(c - row.first)
			}
			if letter = ascii[letter]; letter == foreign {
				return p.stop(c)
			}
			p.add(letter)
		}
	}
	return p
}

func (p *piece) add(letter byte) {
	if p.count < len(p.letters) {
		p.letters[p.count] = letter
	}
	p.count++
}

func (p piece) stop(c rune) piece {
	p.foreign, p.character = true, unicode.ToUpper(c)
	return p
}

func unarmor(letters []byte) (code [100]byte) {
	held := 0
	for i, letter := range letters {
		held = held<<5 | strings.IndexByte(alphabet, letter)
		if bits := 5 * (i + 1); bits%8 < 5 {
			code[bits/8-1] = byte(held >> (bits % 8))
		}
	}
	return code
}

// crc16 is CRC-16/CCITT-FALSE.
func crc16(data []byte) int {
	register := 0xffff
	for _, b := range data {
		register ^= int(b) << 8
		for bit := 0; bit < 8; bit++ {
			register <<= 1
			if register&0x10000 != 0 {
				register ^= 0x11021
			}
		}
	}
	return register
}

// VerifyStrict checks an Ed25519 signature as strictly as libsodium: crypto/ed25519 refuses S >= L and compares R as
// bytes, but takes keys and R of small order, and keys that are not canonical. It refuses what is not 64 and 32 bytes.
func VerifyStrict(message, signature []byte, public ed25519.PublicKey) bool {
	return isUsable(public) && len(signature) == 64 && isUsable(signature[:32]) && ed25519.Verify(public, message, signature)
}

// isUsable is false for an encoding of a point that is not canonical (y >= 2^255 - 19) or whose order divides 8.
func isUsable(point []byte) bool {
	if len(point) != 32 {
		return false
	}
	y := hex.EncodeToString(point[:31]) + fmt.Sprintf("%02x", point[31]&0x7f)
	high := strings.TrimLeft(y[2:62], "f") + y[62:]
	return !strings.Contains(smallOrder, y) && (high != "7f" || y[:2] < "ec")
}

// smallOrder are the y of the 8 points whose order divides 8, little-endian; that of p - 1 is above what isUsable takes.
const smallOrder = `
0000000000000000000000000000000000000000000000000000000000000000
0100000000000000000000000000000000000000000000000000000000000000
26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05
c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a`

const (
	meaningless = 0
	foreign     = 1
)

// ascii is what each ASCII character is read as.
var ascii = makeASCII()

func makeASCII() (table [128]byte) {
	for c := range table {
		upper := unicode.ToUpper(rune(c))
		switch {
		case strings.ContainsRune("\t\n\v\f\r >*_`-", rune(c)):
			table[c] = meaningless
		case upper == 'I' || upper == 'L':
			table[c] = '1'
		case upper == 'O':
			table[c] = '0'
		case strings.ContainsRune(alphabet, upper):
			table[c] = byte(upper)
		default:
			table[c] = foreign
		}
	}
	return table
}

// row says what each code point of a range is read as: nothing if it means nothing. The last letter may rise with them.
type row struct {
	first, last rune
	target      string
	rises       bool
}

var rows = makeRows()

func makeRows() (rows []row) {
	for _, field := range strings.Fields(foldRows) {
		span, target, isRow := strings.Cut(field, ":")
		if !isRow {
			continue
		}
		var r row
		if n, _ := fmt.Sscanf(span, "%x-%x", &r.first, &r.last); n == 1 {
			r.last = r.first
		}
		r.target, r.rises = strings.TrimSuffix(target, "+"), strings.HasSuffix(target, "+")
		rows = append(rows, r)
	}
	return rows
}

// What NFKC and upper case make of each character beyond ASCII: the standard library has no NFKC.
const foldRows = `
<fold-rows>
80-A9: AA:A AB-B1: B2-B3:2+ B4: B6-B8: B9:1 BA:O BB: BC:14 BD:12 BE:34 BF: D7: DF:SS F7: 131:I 132-133:IJ
13F-140:L 17F:S 1C7-1C9:LJ 1CA-1CC:NJ 1F1-1F3:DZ 2B0:H 2B2:J 2B3:R 2B7:W 2B8:Y 2E1:L 2E2:S 2E3:X 34F: 58A:
5BE: 61C: 115F-1160: 1400: 1680: 17B4-17B5: 1806: 180B-180F: 1D2C:A 1D2E:B 1D30-1D31:D+ 1D33-1D3A:G+ 1D3C:O
1D3E:P 1D3F:R 1D40-1D41:T+ 1D42:W 1D43:A 1D47:B 1D48-1D49:D+ 1D4D:G 1D4F:K 1D50:M 1D52:O 1D56:P 1D57-1D58:T+
1D5B:V 1D62:I 1D63:R 1D64-1D65:U+ 1D9C:C 1DA0:F 1DBB:Z 2000-206F: 2070:0 2071:I 2074-2079:4+ 207B: 207F:N
2080-2089:0+ 208B: 2090:A 2091:E 2092:O 2093:X 2095:H 2096-2099:K+ 209A:P 209B-209C:S+ 20A0-20A7: 20A8:RS
20A9-20CF: 2100:AC 2101:AS 2102-2103:C 2105:CO 2109-210B:F+ 210C-210E:H 2110-2111:I 2112-2113:L 2115:N 2116:NO
2119-211B:P+ 211C-211D:R 2120:SM 2121:TEL 2122:TM 2124:Z 2128:Z 212A:K 212C-212D:B+ 212F-2130:E 2131:F 2133:M
2134:O 2139:I 213B:FAX 2145-2146:D 2147:E 2148-2149:I+ 2150:17 2151:19 2152:110 2153:13 2154:23 2155:15
2156:25 2157:35 2158:45 2159:16 215A:56 215B:18 215C:38 215D:58 215E:78 215F:1 2160:I 2161:II 2162:III 2163:IV
2164:V 2165:VI 2166:VII 2167:VIII 2168:IX 2169:X 216A:XI 216B:XII 216C:L 216D-216E:C+ 216F:M 2170:I 2171:II
2172:III 2173:IV 2174:V 2175:VI 2176:VII 2177:VIII 2178:IX 2179:X 217A:XI 217B:XII 217C:L 217D-217E:C+ 217F:M
2190-245F: 2460-2468:1+ 2469-2472:10+ 2473:20 2474-247C:1+ 247D-2486:10+ 2487:20 2488-2490:1+ 2491-249A:10+
249B:20 249C-24B5:A+ 24B6-24CF:A+ 24D0-24E9:A+ 24EA:0 24EB-2BFF: 2C7C:J 2C7D:V 2E00-2E2E: 2E30-2E7F:
3000-3004: 3008-3020: 3030: 3036-3037: 303D-303F: 30A0: 3164: 3250:PTE 3251-3259:21+ 325A-325F:30+
32B1-32B4:36+ 32B5-32BE:40+ 32BF:50 32CC:HG 32CD:ERG 32CE:EV 32CF:LTD 3371:HPA 3372:DA 3374:BAR 3375:OV
3376:PC 3377:DM 3378-3379:DM2+ 3380:PA 3381:NA 3383:MA 3384-3385:KA+ 3386:MB 3387:GB 3388:CAL 3389:KCAL
338A:PF 338B:NF 338E:MG 338F:KG 3390:HZ 3391:KHZ 3392:MHZ 3393:GHZ 3394:THZ 3396:ML 3397:DL 3398:KL 3399:FM
339A:NM 339C:MM 339D:CM 339E:KM 339F:MM2 33A0:CM2 33A1:M2 33A2:KM2 33A3:MM3 33A4:CM3 33A5:M3 33A6:KM3 33A7:MS
33A8:MS2 33A9:PA 33AA:KPA 33AB:MPA 33AC:GPA 33AD:RAD 33AE:RADS 33AF:RADS2 33B0:PS 33B1:NS 33B3:MS 33B4:PV
33B5:NV 33B7:MV 33B8:KV 33B9:MV 33BA:PW 33BB:NW 33BD:MW 33BE:KW 33BF:MW 33C2:AM 33C3:BQ 33C4-33C5:CC+ 33C6:CKG
33C7:CO 33C8:DB 33C9:GY 33CA:HA 33CB:HP 33CC:IN 33CD:KK 33CE:KM 33CF:KT 33D0-33D1:LM+ 33D2:LOG 33D3:LX 33D4:MB
33D5:MIL 33D6:MOL 33D7:PH 33D8:PM 33D9:PPM 33DA:PR 33DB:SR 33DC:SV 33DD:WB 33DE:VM 33DF:AM 33FF:GAL A7F1:S
A7F2:C A7F3:F A7F4:Q FB00:FF FB01:FI FB02:FL FB03:FFI FB04:FFL FB05-FB06:ST FE00-FE1F: FE30-FE6F: FEFF:
FF01-FF0F: FF10-FF19:0+ FF1A-FF20: FF21-FF3A:A+ FF3B-FF40: FF41-FF5A:A+ FF5B-FF65: FFA0: FFE0-FFFD: 107A5:Q
10D6E: 10EAD: 1BCA0-1BCA3: 1CCD6-1CCEF:A+ 1CCF0-1CCF9:0+ 1D173-1D17A: 1D400-1D419:A+ 1D41A-1D433:A+
1D434-1D44D:A+ 1D44E-1D454:A+ 1D456-1D467:I+ 1D468-1D481:A+ 1D482-1D49B:A+ 1D49C:A 1D49E-1D49F:C+ 1D4A2:G
1D4A5-1D4A6:J+ 1D4A9-1D4AC:N+ 1D4AE-1D4B5:S+ 1D4B6-1D4B9:A+ 1D4BB:F 1D4BD-1D4C3:H+ 1D4C5-1D4CF:P+
1D4D0-1D4E9:A+ 1D4EA-1D503:A+ 1D504-1D505:A+ 1D507-1D50A:D+ 1D50D-1D514:J+ 1D516-1D51C:S+ 1D51E-1D537:A+
1D538-1D539:A+ 1D53B-1D53E:D+ 1D540-1D544:I+ 1D546:O 1D54A-1D550:S+ 1D552-1D56B:A+ 1D56C-1D585:A+
1D586-1D59F:A+ 1D5A0-1D5B9:A+ 1D5BA-1D5D3:A+ 1D5D4-1D5ED:A+ 1D5EE-1D607:A+ 1D608-1D621:A+ 1D622-1D63B:A+
1D63C-1D655:A+ 1D656-1D66F:A+ 1D670-1D689:A+ 1D68A-1D6A3:A+ 1D6A4:I 1D7CE-1D7D7:0+ 1D7D8-1D7E1:0+
1D7E2-1D7EB:0+ 1D7EC-1D7F5:0+ 1D7F6-1D7FF:0+ 1F000-1F0FF: 1F100-1F101:0 1F102-1F10A:1+ 1F10B-1F10F:
1F110-1F129:A+ 1F12A:S 1F12B:C 1F12C:R 1F12D:CD 1F12E:WZ 1F12F: 1F130-1F149:A+ 1F14A:HV 1F14B:MV 1F14C:SD
1F14D:SS 1F14E:PPV 1F14F:WC 1F150-1F169: 1F16A-1F16B:MC+ 1F16C:MR 1F16D-1F18F: 1F190:DJ 1F191-1FAFF:
1FBF0-1FBF9:0+ E0000-E0FFF:
</fold-rows>
`
