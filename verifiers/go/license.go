// Package mintmark reads Mintmark license codes, version 1, with no network. It needs the standard library alone: copy
// this file into your program, and embed keyring.json, the product id and the names of the product's features:
//
//	var keyring []mintmark.Key
//	if err := json.Unmarshal(keyringJSON, &keyring); err != nil { return err }
//	reader, err := mintmark.NewReader(mintmark.Options{Product: "acme-editor", Keyring: keyring, Features: features})
//	if err != nil { return err } // it names the option that is wrong
//	verdict := reader.Read(pasted)
//	if verdict.Kind == mintmark.Valid { unlock(verdict.Has("export")) } else { tell(verdict.Explain()) }
//
// Pass to Read whatever the customer pasted, even a whole mail. Read finds the code, ignores what mail programs add to it,
// and repairs one mistyped character if the signature proves the repair. Store Code, and pass Keep as the next LatestDay.
// A Reader is safe for concurrent use. No text makes Read panic. The file is long because it is the only one to copy.
package mintmark

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha512"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"
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
	Today     func() time.Time            // called by each Read, its UTC day counts; nil: time.Now
	BuildDate time.Time                   // the day of the build: today is never earlier, UpdatesUntil is compared with it; zero: none
	LatestDay time.Time                   // the latest UTC day that the program has seen: Keep of an earlier verdict; zero: none
	AllowTest bool                        // whether test codes are accepted
	Features  []string                    // the product's feature names in the order of the product file, at most 24
	Revoked   func(licenseID string) bool // whether a license was revoked; nil: none is
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

// Kind is the kind of a verdict.
type Kind string

// The kinds. docs/license-code.md says when each applies.
const (
	Empty              Kind = "empty"
	NoCode             Kind = "no-code"
	BadCharacter       Kind = "bad-character"
	TooShort           Kind = "too-short"
	TooLong            Kind = "too-long"
	Mistyped           Kind = "mistyped"
	UnsupportedVersion Kind = "unsupported-version"
	WrongProduct       Kind = "wrong-product"
	UnknownKey         Kind = "unknown-key"
	Forged             Kind = "forged"
	Several            Kind = "several"
	TestCode           Kind = "test-code"
	NotYetValid        Kind = "not-yet-valid"
	Revoked            Kind = "revoked"
	Expired            Kind = "expired"
	UpdatesEnded       Kind = "updates-ended"
	Valid              Kind = "valid"
)

// Verdict is the answer of a reader. Only Valid unlocks the program.
type Verdict struct {
	Kind      Kind
	License   *License  // from TestCode on, like the three fields below
	Code      string    // the code as it was minted: the text to store
	Repaired  *Repaired // the slip that was repaired; nil: none
	Keep      time.Time // the UTC day to store, and to pass to the next reader as LatestDay
	Choices   []Verdict // Several: the verdict on each license; ask the user which one is meant
	Character rune      // BadCharacter: the character as it was pasted
	Position  int       // BadCharacter: counts code points of the pasted text from 1
	Count     int       // TooShort, TooLong: how many characters there are instead of 160
	Group     int       // BadCharacter, TooShort, Mistyped: the wrong group of eight characters, from 1; 0: unknown
	Seen      string    // NoCode: order-number, e-mail-address, link or text
	Version   int       // UnsupportedVersion
	KeyID     int       // UnknownKey
	features  []string
}

// Repaired is the slip that was repaired: Kind is substitution, swap, omission or insertion.
type Repaired struct {
	Kind     string
	Position int    // of the first wrong character, from 1, in code points of the pasted text
	Was      string // what was pasted: one character, two for a swap, none for an omission
	Is       string // what is right: one character, two for a swap, none for an insertion
}

// Has reports whether the license is valid and has this feature, a name among the Features of the options.
func (v Verdict) Has(feature string) bool {
	for bit, name := range v.features {
		if name == feature {
			return v.Kind == Valid && v.License.Features>>bit&1 == 1
		}
	}
	return false
}

// Explain returns one English sentence for the user. It repeats nothing of the pasted text.
func (v Verdict) Explain() string {
	lookAt := ""
	if v.Group > 0 {
		lookAt = fmt.Sprintf(", or look at characters %d to %d of it", groupLength*(v.Group-1)+1, groupLength*v.Group)
	}
	switch v.Kind {
	case Empty:
		return "paste your license code"
	case NoCode:
		what := map[string]string{"order-number": "an order number, but ", "e-mail-address": "an e-mail address, but ", "link": "a link, but "}
		return "here is " + what[v.Seen] + "no license code: look in your e-mail for a line of 160 letters and digits"
	case BadCharacter:
		return fmt.Sprintf("character %d does not belong in a license code", v.Position)
	case TooShort:
		return fmt.Sprintf("this is %d of 160 characters: copy the whole line", v.Count) + lookAt
	case TooLong:
		return fmt.Sprintf("this is %d characters instead of 160: copy only the line with the code", v.Count)
	case Mistyped:
		return "some characters are wrong: paste it again" + lookAt
	case UnsupportedVersion:
		return "this license was made for a newer version of this program"
	case WrongProduct:
		return "this license is for another product"
	case UnknownKey:
		return "update the program, then try again"
	case Several:
		return "here are codes of several licenses: paste one of them"
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
	heads   [][headLength]byte
}

type verifyingKey struct {
	test   bool
	public ed25519.PublicKey
}

// NewReader returns an error that names the option if an option is missing or invalid.
func NewReader(options Options) (*Reader, error) {
	product := options.Product
	if len(product) < 1 || len(product) > 64 || !utf8.ValidString(product) {
		return nil, fmt.Errorf("product: must be the product id, 1 to 64 bytes of UTF-8")
	}
	if len(options.Keyring) == 0 {
		return nil, fmt.Errorf("keyring: holds no key, so no code could be valid")
	}
	if len(options.Features) > mostFeatures {
		return nil, fmt.Errorf("features: must be at most %d names", mostFeatures)
	}
	named := map[string]bool{"": true}
	for _, name := range options.Features {
		if named[name] {
			return nil, fmt.Errorf("features: has an empty name, or a name twice")
		}
		named[name] = true
	}
	options.Features = append([]string(nil), options.Features...)
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
	test := key.Mode == "test"
	r.keys[key.ID] = verifyingKey{test, public}
	for _, trial := range []byte{0, trialFlag} {
		first := 1<<4 | trial
		if test {
			first |= testFlag
		}
		r.heads = append(r.heads, headOf([5]byte{first, byte(key.ID), r.tag[0], r.tag[1], r.tag[2]}))
	}
	return nil
}

// headOf gives the first characters of a code with these first bytes.
func headOf(b [5]byte) (head [headLength]byte) {
	bits := uint64(b[0])<<32 | uint64(binary.BigEndian.Uint32(b[1:]))
	for i := range head {
		head[i] = byte(bits >> (5 * (headLength - 1 - i)) & 31)
	}
	return head
}

// Read finds the codes in a pasted text, repairs one slip, and returns the first verdict that applies. It panics only if
// Today or Revoked panics.
func (r *Reader) Read(text string) Verdict {
	if code, plain := plainCode(text); plain {
		if genuine, _ := (&search{reader: r}).judge([]string{code}); genuine != nil {
			return r.judge(genuine[0])
		}
	}
	points := firstPoints(text)
	l := lettersOf(points)
	s := search{reader: r}
	genuine, refused, starts := s.find(l)
	if genuine == nil {
		if bare, marked := withoutLineMarks(points); marked {
			var again *Verdict
			if genuine, again, _ = s.find(lettersOf(bare)); furthestOf(again) > furthestOf(refused) {
				refused = again
			}
		}
	}
	if genuine == nil {
		if refused != nil {
			return *refused
		}
		return r.damageOf(l, starts, points)
	}
	choices := make([]Verdict, 0, 1)
	for _, code := range newestOfEach(genuine) {
		choices = append(choices, r.judge(code))
	}
	if len(choices) > 1 {
		return Verdict{Kind: Several, Choices: choices}
	}
	return choices[0]
}

// plainCode returns the code if a text is a code and nothing else: the usual case, which is faster by itself.
func plainCode(text string) (code string, plain bool) {
	if len(text) != codeLength {
		return "", false
	}
	var values [codeLength]byte
	rest := uint16(crcInitial)
	for i := range values {
		if text[i] >= 0x80 || ascii[text[i]] >= wrong {
			return "", false
		}
		values[i] = ascii[text[i]]
		rest = crcStep(rest, values[i])
	}
	return textOf(values[:]), rest == 0
}

// firstPoints returns the first 65,536 code points. A byte that is not UTF-8 counts as U+FFFD, which means nothing.
func firstPoints(text string) []rune {
	points := make([]rune, 0, min(len(text), longestPaste))
	for _, point := range text {
		if len(points) == longestPaste {
			break
		}
		points = append(points, point)
	}
	return points
}

const (
	alphabet      = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	codeLength    = 160
	headLength    = 8
	headFirst     = 2 // the version, and the first bit of the flags, which is 0
	groupLength   = 8
	clockSkewDays = 2
	mostFeatures  = 24
	longestPaste  = 65536 // code points of a text that are looked at
	mostFailures  = 5     // signatures that may fail before no more are checked
	mostRepairs   = 4     // signatures that are checked to repair codes
	mostStarts    = 16    // places where a repair is tried
	testFlag      = 1
	trialFlag     = 2
)

// ---- Genuine codes: refusals, signatures, the license.

type genuineCode struct {
	text     string
	bytes    [100]byte
	repaired *Repaired
}

// search is one call of Read. It counts the signature checks, and checks no forged code twice.
type search struct {
	reader  *Reader
	forged  []string
	repairs int
}

// find returns the genuine codes, the whole ones in order and then the repaired ones; the refusal that came furthest; and
// where a code with a slip may begin.
func (s *search) find(l *letters) (genuine []genuineCode, refused *Verdict, starts []int) {
	s.reader.markHeads(l)
	codes, places := l.wholeCodes()
	genuine, refused = s.judge(codes)
	var within []int
	for _, code := range genuine {
		within = append(within, places[code.text]...)
	}
	if genuine != nil && len(l.values) < codeLength*(len(within)+1)-1 { // no room for another code: the usual case
		return genuine, refused, nil
	}
	sort.Ints(within)
	starts = s.reader.starts(l, within)
	return s.repair(l, starts, genuine), refused, starts
}

// judge returns the genuine codes, and of the refusals the one that came furthest; nil if no code was refused.
func (s *search) judge(codes []string) (genuine []genuineCode, refused *Verdict) {
	for _, text := range codes {
		code := genuineCode{text: text, bytes: unarmor(text)}
		refusal := s.reader.refuse(&code.bytes)
		if refusal == nil {
			if s.isGenuine(&code) {
				genuine = append(genuine, code)
				continue
			}
			refusal = &Verdict{Kind: Forged}
		}
		if furthestOf(refusal) > furthestOf(refused) {
			refused = refusal
		}
	}
	return genuine, refused
}

// furthestOf ranks refusals by how many checks a code passed; 0 for none.
func furthestOf(refused *Verdict) int {
	if refused == nil {
		return 0
	}
	return map[Kind]int{UnsupportedVersion: 1, WrongProduct: 2, UnknownKey: 3, Forged: 4}[refused.Kind]
}

// refuse returns the verdict on a code of another version, product or keyring; nil if its signature is to be checked.
func (r *Reader) refuse(code *[100]byte) *Verdict {
	version, keyID := int(code[0]>>4), int(code[1])
	if version != 1 || code[0]&0b1100 != 0 {
		return &Verdict{Kind: UnsupportedVersion, Version: version}
	}
	if !bytes.Equal(code[2:5], r.tag[:]) {
		return &Verdict{Kind: WrongProduct}
	}
	if _, known := r.keys[keyID]; !known {
		return &Verdict{Kind: UnknownKey, KeyID: keyID}
	}
	return nil
}

func (s *search) isGenuine(code *genuineCode) bool {
	if s.isForged(code) || len(s.forged) >= mostFailures {
		return false
	}
	b := &code.bytes
	key := s.reader.keys[int(b[1])]
	signed := append(append(make([]byte, 0, 128), s.reader.prefix...), b[:34]...)
	if (b[0]&testFlag != 0) == key.test && VerifyStrict(signed, b[34:98], key.public) {
		return true
	}
	s.forged = append(s.forged, code.text)
	return false
}

func (s *search) isGenuineRepair(code *genuineCode) bool {
	if s.isForged(code) || s.repairs >= mostRepairs {
		return false
	}
	s.repairs++
	return s.isGenuine(code)
}

func (s *search) isForged(code *genuineCode) bool {
	for _, text := range s.forged {
		if text == code.text {
			return true
		}
	}
	return false
}

// newestOfEach returns the code of the highest revision of each license; the first if revisions are equal.
func newestOfEach(codes []genuineCode) (newest []genuineCode) {
	at := map[[17]byte]int{}
	for _, code := range codes {
		var license [17]byte
		license[0] = code.bytes[0] & testFlag
		copy(license[1:], code.bytes[5:21])
		i, held := at[license]
		if !held {
			at[license] = len(newest)
			newest = append(newest, code)
		} else if two(&code.bytes, 21) > two(&newest[i].bytes, 21) {
			newest[i] = code
		}
	}
	return newest
}

func two(code *[100]byte, at int) int {
	return int(binary.BigEndian.Uint16(code[at:]))
}

func (r *Reader) judge(genuine genuineCode) Verdict {
	code := &genuine.bytes
	license := &License{
		ID:      fmt.Sprintf("%x-%x-%x-%x-%x", code[5:9], code[9:11], code[11:13], code[13:15], code[15:21]),
		Product: r.options.Product, Revision: two(code, 21), Issued: day(two(code, 23)), Seats: two(code, 29),
		Features: int(code[31])<<16 | two(code, 32), Test: code[0]&testFlag != 0, Trial: code[0]&trialFlag != 0,
		KeyID: int(code[1]),
	}
	if n := two(code, 25); n != 0 {
		license.LastValid = day(n)
	}
	if n := two(code, 27); n != 0 {
		license.UpdatesUntil = day(n)
	}
	today := dayNumber(r.options.Today())
	for _, other := range []time.Time{r.options.BuildDate, r.options.LatestDay} {
		if !other.IsZero() {
			today = max(today, dayNumber(other))
		}
	}
	return Verdict{
		Kind: r.judgeLicense(license, today), License: license, Code: genuine.text, Repaired: genuine.repaired,
		Keep: day(r.dayToKeep(license, today)), features: r.options.Features,
	}
}

func (r *Reader) judgeLicense(license *License, today int) Kind {
	perpetual, build := license.LastValid.IsZero(), r.options.BuildDate
	switch {
	case license.Test && !r.options.AllowTest:
		return TestCode
	case !perpetual && dayNumber(license.Issued)-today > clockSkewDays: // a wrong clock must not lock out the owner of a perpetual license
		return NotYetValid
	case r.options.Revoked(license.ID):
		return Revoked
	case !perpetual && dayNumber(license.LastValid) < today:
		return Expired
	case !license.UpdatesUntil.IsZero() && !build.IsZero() && dayNumber(license.UpdatesUntil) < dayNumber(build):
		return UpdatesEnded
	}
	return Valid
}

// dayToKeep is today, but no later than the license's end, and never earlier than LatestDay.
func (r *Reader) dayToKeep(license *License, today int) int {
	end := dayNumber(license.Issued)
	if !license.LastValid.IsZero() {
		end = dayNumber(license.LastValid) + 1
	}
	keep := min(today, end)
	if latest := r.options.LatestDay; !latest.IsZero() {
		keep = max(keep, dayNumber(latest))
	}
	return keep
}

func min(a, b int) int {
	if a < b {
		return a
	}
	return b
}

func max(a, b int) int {
	return -min(-a, -b)
}

// day is midnight UTC of a number of days since 1970-01-01.
func day(number int) time.Time {
	return time.Unix(int64(number)*86400, 0).UTC()
}

func dayNumber(t time.Time) int {
	seconds := t.Unix()
	return int((seconds - ((seconds%86400)+86400)%86400) / 86400)
}

// ---- Letters: the characters of a text that may be of a code.

const (
	wrong   = 32 // the value of a character that is in no code, but may stand in the place of one that is
	nothing = 33
	escape  = 34 // may begin an escape

	edgeGap       = 1
	edgeWrong     = 2
	edgeParagraph = 4
	edgeHead      = 16 // a head of the reader begins
	edgeEquals    = 8  // behind the 3D with which a word begins: rewritten links have -3D or *3D in the place of =
)

// letters are what a text is read as, each with the code point that it was read from, and where that stands, from 1.
type letters struct {
	values    []byte // 0 to 31, or wrong
	points    []rune
	positions []int32
	edges     []byte // what stands before each, and behind the last; 0 within a word

	position   int32
	lineBreaks int
	edge       byte
}

func lettersOf(text []rune) *letters {
	l := &letters{
		values: make([]byte, 0, len(text)), points: make([]rune, 0, len(text)), positions: make([]int32, 0, len(text)),
		edges: make([]byte, 0, len(text)+1), edge: edgeGap,
	}
	for i := 0; i < len(text); {
		l.position = int32(i) + 1
		point := text[i]
		end, stands := escapeAt(text, i)
		switch {
		case end > 0 && stands < 0:
			l.edge = edgeGap
		case end > 0:
			l.putPoint(stands)
		default:
			if isLineBreak(point) && !(point == '\n' && i > 0 && text[i-1] == '\r') {
				l.lineBreaks++
			}
			l.putPoint(point)
			end = i + 1
		}
		i = end
	}
	l.edges = append(l.edges, edgeGap)
	return l
}

func isLineBreak(point rune) bool {
	return (point >= '\n' && point <= '\r') || point == 0x85 || point == 0x2028 || point == 0x2029
}

func (l *letters) putPoint(point rune) {
	if point < 0x80 {
		if value := ascii[point]; value <= wrong {
			l.put(value, point)
		} else {
			l.edge = edgeGap
		}
		return
	}
	at := sort.Search(len(rows), func(i int) bool { return rows[i].last >= point })
	if at == len(rows) || point < rows[at].first {
		l.put(wrong, point)
		return
	}
	values, count := rows[at].read(point)
	if count == 0 {
		l.edge = edgeGap
	}
	for _, value := range values[:count] {
		l.put(value, point)
	}
}

func (l *letters) put(value byte, point rune) {
	edge := l.edge
	if value == wrong || (len(l.values) > 0 && l.values[len(l.values)-1] == wrong) {
		edge |= edgeWrong
	}
	if l.lineBreaks > 1 {
		edge |= edgeParagraph
	}
	if n := len(l.values); l.edge == 0 && n > 1 && l.values[n-2] == 3 && l.values[n-1] == 13 && l.edges[n-1] == 0 &&
		l.edges[n-2]&edgeGap != 0 {
		edge |= edgeEquals
	}
	l.values, l.points = append(l.values, value), append(l.points, point)
	l.positions, l.edges = append(l.positions, l.position), append(l.edges, edge)
	l.edge, l.lineBreaks = 0, 0
}

// escapeAt gives where the escape at a place ends, and what code point it stands for; -1 for nothing. 0 for no escape.
func escapeAt(text []rune, i int) (end int, stands rune) {
	point := text[i]
	if point < 0x80 && ascii[point] != escape {
		return 0, 0
	}
	switch point {
	case '%':
		return percentAt(text, i)
	case '=':
		return quotedPrintableAt(text, i), -1
	case '&':
		return entityAt(text, i)
	case '<':
		return tagAt(text, i), -1
	case '\\':
		return backslashAt(text, i)
	case 0xc2:
		if next := at(text, i+1); next == ' ' || (next >= 0x80 && next <= 0xbf) {
			return i + 2, -1
		}
	case 0xe2:
		second, third := at(text, i+1), at(text, i+2)
		if (second == 0x80 || second == 0x20ac) && third >= 0x80 && third <= 0x2122 {
			return i + 3, -1
		}
	case 0xef:
		if at(text, i+1) == 0xbb && at(text, i+2) == 0xbf {
			return i + 3, -1
		}
	}
	return 0, 0
}

// at is -1 beyond the end, which compares to nothing.
func at(text []rune, i int) rune {
	if i < len(text) {
		return text[i]
	}
	return -1
}

// repeats counts how often a word stands from a place on, 4 times at most.
func repeats(text []rune, i int, word string) (times int) {
	for times < 4 && isAt(text, i+times*len(word), word) {
		times++
	}
	return times
}

// isAt tells whether a word of ASCII stands at a place.
func isAt(text []rune, i int, word string) bool {
	for j := range word {
		if at(text, i+j) != rune(word[j]) {
			return false
		}
	}
	return true
}

// hexAt is -1 if what stands there is no hex digit.
func hexAt(text []rune, i int) rune {
	switch c := at(text, i); {
	case isDigit(c):
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return -1
}

func isDigit(c rune) bool  { return c >= '0' && c <= '9' }
func isLetter(c rune) bool { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') }

// scalar is -1 for a surrogate and beyond Unicode.
func scalar(point rune) rune {
	if utf8.ValidRune(point) {
		return point
	}
	return -1
}

func percentAt(text []rune, i int) (end int, stands rune) {
	for times := repeats(text, i+1, "25"); times >= 0; times-- {
		from := i + 1 + 2*times
		high, low := hexAt(text, from), hexAt(text, from+1)
		if high >= 8 && low >= 0 {
			return from + 2, -1
		}
		if high >= 0 && low >= 0 {
			return from + 2, high<<4 | low
		}
	}
	return 0, 0
}

// quotedPrintableAt knows RFC 2045, 6.7. `=2x` is no escape but at a line's end, as a link may have the code behind it.
func quotedPrintableAt(text []rune, i int) int {
	first, second := at(text, i+1), at(text, i+2)
	switch {
	case first == '3' && (second == 'D' || second == 'd'), first == '0' && (hexAt(text, i+2) == 10 || hexAt(text, i+2) == 13):
		return i + 3
	case hexAt(text, i+1) >= 8 && hexAt(text, i+2) >= 0:
		return i + 3
	case (first == '2' && second == '0') || (first == '0' && second == '9'):
		if next := at(text, i+3); next == '\r' || next == '\n' || next == '=' || next < 0 {
			return i + 3
		}
	}
	return 0
}

func entityAt(text []rune, i int) (end int, stands rune) {
	for times := repeats(text, i+1, "amp;"); times >= 0; times-- {
		if end, stands = oneEntityAt(text, i+1+4*times); end > 0 {
			return end, stands
		}
	}
	return 0, 0
}

// oneEntityAt reads what stands behind `&`.
func oneEntityAt(text []rune, from int) (end int, stands rune) {
	if at(text, from) != '#' {
		i := from
		for i < from+32 && (isLetter(at(text, i)) || (i > from && isDigit(at(text, i)))) {
			i++
		}
		if i >= from+2 && at(text, i) == ';' {
			return i + 1, -1
		}
		for _, name := range []string{"shy", "nbsp"} { // HTML allows these without a semicolon
			if isAt(text, from, name) {
				return from + len(name), -1
			}
		}
		return 0, 0
	}
	from++
	most, base := 7, rune(10)
	if c := at(text, from); c == 'x' || c == 'X' {
		from, most, base = from+1, 6, 16
	}
	i := from
	for point := rune(0); i <= from+most; i++ {
		digit := hexAt(text, i)
		if digit >= 0 && digit < base {
			point = point*base + digit
			continue
		}
		if i == from || at(text, i) != ';' {
			return 0, 0
		}
		return i + 1, scalar(point)
	}
	return 0, 0
}

// tagAt knows tags that are shorter than a code, so that none is passed over with it.
func tagAt(text []rune, i int) int {
	from := i + 1
	if at(text, from) == '/' {
		from++
	}
	if !isLetter(at(text, from)) {
		return 0
	}
	for end := from + 1; end <= from+159; end++ {
		switch at(text, end) {
		case '>':
			return end + 1
		case '<', -1:
			return 0
		}
	}
	return 0
}

func backslashAt(text []rune, i int) (end int, stands rune) {
	for _, word := range []string{"par", "line"} { // RTF
		if end := i + 1 + len(word); isAt(text, i+1, word) && (at(text, end) < 'a' || at(text, end) > 'z') {
			return end, -1
		}
	}
	switch at(text, i+1) {
	case 'n', 'r', 't':
		return i + 2, -1
	case '\'': // RTF; not 20, as a quoted code begins with it
		if hexAt(text, i+2) >= 8 && hexAt(text, i+3) >= 0 {
			return i + 4, -1
		}
	case 'u':
		point := rune(0)
		for at := i + 2; at < i+6; at++ {
			digit := hexAt(text, at)
			if digit < 0 {
				return 0, 0
			}
			point = point<<4 | digit
		}
		return i + 6, scalar(point)
	}
	return 0, 0
}

// ---- Check digits, without the bytes of a code: the CRC over all of it leaves 0, and it is linear, so each character at
// each place adds a number of its own (XOR), and what is left over tells which single slips to try.

const crcInitial = 0xffff // CRC-16/CCITT-FALSE

var (
	crcTable    [32]uint16             // what the five top bits of the register become
	crcWeights  [codeLength][32]uint16 // what each value adds at each place
	crcOverCode [16]uint16             // what each bit of the register becomes over the length of a code
	crcStart    uint16                 // what the initial register adds
)

func init() {
	for bits := range crcTable {
		register := uint16(bits) << 11
		for i := 0; i < 5; i++ {
			register = register<<1 ^ register>>15*0x1021
		}
		crcTable[bits] = register
	}
	for value := byte(0); value < 32; value++ {
		weight := crcStep(0, value)
		for place := codeLength - 1; place >= 0; place-- {
			crcWeights[place][value] = weight
			weight = crcStep(weight, 0)
		}
	}
	for bit := range crcOverCode {
		register := uint16(1) << bit
		for i := 0; i < codeLength; i++ {
			register = crcStep(register, 0)
		}
		crcOverCode[bit] = register
	}
	crcStart = overCode(crcInitial)
}

func crcStep(register uint16, value byte) uint16 {
	return register<<5 ^ crcTable[byte(register>>11)^value]
}

func overCode(register uint16) (moved uint16) {
	for bit := range crcOverCode {
		if register>>bit&1 == 1 {
			moved ^= crcOverCode[bit]
		}
	}
	return moved
}

// weightAt is what stands at a place adds: nothing where it is wrong, and outside of a code.
func weightAt(values []byte, at, place int) uint16 {
	if at >= len(values) || values[at] == wrong || place >= codeLength {
		return 0
	}
	return crcWeights[place][values[at]]
}

// ---- Find.

// wholeCodes returns each code once, in order, and the places where it begins.
func (l *letters) wholeCodes() (codes []string, places map[string][]int) {
	count := len(l.values)
	if count < codeLength {
		return nil, nil
	}
	registers, wrongs := make([]uint16, count+1), make([]int32, count+1)
	for i, value := range l.values {
		wrongs[i+1] = wrongs[i]
		if value == wrong {
			wrongs[i+1]++
			value = 0
		}
		registers[i+1] = crcStep(registers[i], value)
	}
	fits := func(from int) bool {
		to := from + codeLength
		return to <= count && wrongs[from] == wrongs[to] && registers[to] == overCode(registers[from]^crcInitial)
	}
	places = map[string][]int{}
	for start := 0; start+codeLength <= count; start++ {
		if l.edges[start] == 0 {
			continue
		}
		end := start
		for fits(end) {
			end += codeLength
			if l.edges[end] != 0 {
				break
			}
		}
		if l.edges[end] == 0 && l.edges[start]&edgeHead == 0 {
			continue
		}
		for at := start; at < end; at += codeLength {
			code := textOf(l.values[at : at+codeLength])
			if places[code] == nil {
				codes = append(codes, code)
			}
			places[code] = append(places[code], at)
		}
	}
	return codes, places
}

// textOf gives the characters of values.
func textOf(values []byte) string {
	text := make([]byte, len(values))
	for i, value := range values {
		text[i] = alphabet[value]
	}
	return string(text)
}

func unarmor(text string) (code [100]byte) {
	held := 0
	for i := range text {
		held = held<<5 | int(ascii[text[i]])
		if bits := 5 * (i + 1); bits%8 < 5 {
			code[bits/8-1] = byte(held >> (bits % 8))
		}
	}
	return code
}

// ---- Repair: one slip is undone, and only with proof.

// begins tells whether the characters from a place on begin like a code of this reader, as far as there are some.
func (r *Reader) begins(l *letters, from int) bool {
	values := l.values[from:min(from+headLength, len(l.values))]
	for _, head := range r.heads {
		if bytes.HasPrefix(head[:], values) {
			return true
		}
	}
	return false
}

// markHeads makes each place an edge where a whole head stands: a code that is joined to other text is found. A code with two
// characters too many is not.
func (r *Reader) markHeads(l *letters) {
	for at := 0; len(l.values) > codeLength+2 && at+headLength <= len(l.values); at++ {
		if l.values[at] == headFirst && r.begins(l, at) {
			l.edges[at] |= edgeHead
		}
	}
}

// starts gives the first edges outside of genuine codes behind which a code with at most one slip in its head may begin:
// the slip leaves the first four characters as they are, or the last three, at most one place off.
func (r *Reader) starts(l *letters, genuine []int) (starts []int) {
	outside := 0
	for at := 0; at < len(l.values) && len(starts) < mostStarts; at++ {
		if len(genuine) > 0 && at == genuine[0] {
			genuine, outside = genuine[1:], at+codeLength
		}
		if at < outside || l.edges[at] == 0 {
			continue
		}
		for i := range r.heads {
			first, last := r.heads[i][:4], r.heads[i][5:]
			if l.has(at, first) || l.has(at+4, last) || l.has(at+5, last) || l.has(at+6, last) {
				starts = append(starts, at)
				break
			}
		}
	}
	return starts
}

func (l *letters) has(at int, values []byte) bool {
	return at <= len(l.values) && bytes.HasPrefix(l.values[at:], values)
}

// slip: `cut` characters at a place are replaced by `put`.
type slip struct {
	kind       string
	place, cut int
	put        []byte
}

// repair adds the genuine code that is one slip away at each start.
func (s *search) repair(l *letters, starts []int, genuine []genuineCode) []genuineCode {
	past := 0
	for _, start := range starts {
		if start < past {
			continue
		}
		if code, end := s.repairAt(l, start, genuine); code != nil {
			past = end
			if !isAmong(genuine, code.text) {
				genuine = append(genuine, *code)
			}
		}
	}
	return genuine
}

func (s *search) repairAt(l *letters, start int, genuine []genuineCode) (code *genuineCode, end int) {
	for _, length := range []int{codeLength, codeLength - 1, codeLength + 1} {
		end := start + length
		if end > len(l.values) || l.edges[end] == 0 {
			continue
		}
		values := l.values[start:end]
		for _, slip := range slipsOf(values) {
			text := textOf(values[:slip.place]) + textOf(slip.put) + textOf(values[slip.place+slip.cut:])
			code := genuineCode{text: text, bytes: unarmor(text)}
			if isAmong(genuine, text) || (s.reader.refuse(&code.bytes) == nil && s.isGenuineRepair(&code)) {
				code.repaired = l.repairedOf(start, len(values), slip)
				return &code, end
			}
		}
	}
	return nil, 0
}

func isAmong(codes []genuineCode, text string) bool {
	for _, code := range codes {
		if code.text == text {
			return true
		}
	}
	return false
}

// withoutLineMarks replaces what mail programs and editors put before lines by as many spaces: `Ada>`, `1:`, `(2)`, a
// number before white space. So positions stay what they are.
func withoutLineMarks(text []rune) (bare []rune, marked bool) {
	for i := range text {
		if i > 0 && text[i-1] != '\n' && text[i-1] != '\r' {
			continue
		}
		from := i
		for strings.ContainsRune("\t >|([", at(text, from)) {
			from++
		}
		end, digits := from, 0
		for isDigit(at(text, end)) || isLetter(at(text, end)) {
			if isDigit(text[end]) {
				digits++
			}
			end++
		}
		length, next := end-from, at(text, end)
		isWord := length >= 1 && length <= 10 && strings.ContainsRune(">:.)|]", next)
		isNumber := length >= 1 && length <= 4 && digits == length && (next == '\t' || next == ' ')
		if !isWord && !isNumber {
			continue
		}
		if !marked {
			bare, marked = append([]rune(nil), text...), true
		}
		for ; i <= end; i++ {
			bare[i] = ' '
		}
	}
	return bare, marked
}

func (l *letters) repairedOf(start, length int, slip slip) *Repaired {
	at := start + slip.place
	var position int32
	if slip.place < length {
		position = l.positions[at]
	} else {
		position = l.positions[at-1] + 1
	}
	return &Repaired{Kind: slip.kind, Position: int(position), Was: string(l.points[at : at+slip.cut]), Is: textOf(slip.put)}
}

// slipsOf gives each slip whose undoing makes the check digits fit.
func slipsOf(values []byte) []slip {
	wrongAt := bytes.IndexByte(values, wrong)
	if wrongAt >= 0 && bytes.IndexByte(values[wrongAt+1:], wrong) >= 0 {
		return nil
	}
	switch {
	case len(values) > codeLength:
		return insertions(values, wrongAt)
	case len(values) == codeLength && wrongAt < 0:
		return append(substitutions(values, wrongAt), swaps(values)...)
	case len(values) == codeLength:
		return substitutions(values, wrongAt)
	case wrongAt < 0:
		return omissions(values)
	}
	return nil
}

// remainder is 0 where the check digits fit.
func remainder(values []byte) uint16 {
	rest := crcStart
	for place := range values {
		rest ^= weightAt(values, place, place)
	}
	return rest
}

func substitutions(values []byte, wrongAt int) (slips []slip) {
	rest := remainder(values)
	for place := max(wrongAt, 0); place < codeLength; place++ {
		without := rest ^ weightAt(values, place, place)
		for value := byte(0); value < 32; value++ {
			if value != values[place] && crcWeights[place][value] == without {
				slips = append(slips, slip{"substitution", place, 1, []byte{value}})
			}
		}
		if wrongAt >= 0 {
			break
		}
	}
	return slips
}

func swaps(values []byte) (slips []slip) {
	rest := remainder(values)
	for place := 0; place+1 < codeLength; place++ {
		a, b := values[place], values[place+1]
		here, next := &crcWeights[place], &crcWeights[place+1]
		if a != b && here[a]^next[b]^here[b]^next[a] == rest {
			slips = append(slips, slip{"swap", place, 2, []byte{b, a}})
		}
	}
	return slips
}

func omissions(values []byte) (slips []slip) {
	rest := crcStart
	for at := range values {
		rest ^= weightAt(values, at, at+1)
	}
	for place := 0; place < codeLength; place++ {
		for value := byte(0); value < 32; value++ {
			// Behind its like it would be the same code again.
			if crcWeights[place][value] == rest && (place == 0 || values[place-1] != value) {
				slips = append(slips, slip{"omission", place, 0, []byte{value}})
			}
		}
		rest ^= weightAt(values, place, place+1) ^ weightAt(values, place, place)
	}
	return slips
}

func insertions(values []byte, wrongAt int) (slips []slip) {
	rest := crcStart
	for at := 1; at < len(values); at++ {
		rest ^= weightAt(values, at, at-1)
	}
	for place := range values {
		may := place == wrongAt || (wrongAt < 0 && (place == 0 || values[place-1] != values[place]))
		if may && rest == 0 {
			slips = append(slips, slip{"insertion", place, 1, nil})
		}
		rest ^= weightAt(values, place+1, place) ^ weightAt(values, place, place)
	}
	return slips
}

// ---- Say: what is wrong with a text that holds no code.

const (
	longWord  = 20 // characters of a word that can be part of a code and hardly of a language
	longText  = 40 // and of a text with many digits
	digitsOf  = 5  // at least every fifth was read from a digit
	shortWord = 4  // shorter words behind longer ones are prose
	mostWrong = 2
)

// piece is a stretch of letters that is meant to be a code; known, if it begins as one of this product, but for a slip.
type piece struct {
	from, to int
	known    bool
}

func (r *Reader) damageOf(l *letters, starts []int, text []rune) Verdict {
	if len(l.values) == 0 {
		return Verdict{Kind: Empty}
	}
	p, found := r.pieceOf(l, starts)
	if !found {
		return Verdict{Kind: NoCode, Seen: seenIn(string(text))}
	}
	count, group := p.to-p.from, r.groupOf(l, p)
	wrongAt := bytes.IndexByte(l.values[p.from:p.to], wrong)
	switch {
	case count >= codeLength-1 && wrongAt >= 0:
		at := p.from + wrongAt
		return Verdict{Kind: BadCharacter, Character: l.points[at], Position: int(l.positions[at]), Group: group}
	case count < codeLength:
		return Verdict{Kind: TooShort, Count: count, Group: group}
	case count > codeLength:
		return Verdict{Kind: TooLong, Count: count}
	}
	return Verdict{Kind: Mistyped, Group: group}
}

func (r *Reader) pieceOf(l *letters, starts []int) (p piece, found bool) {
	count := len(l.values)
	for _, from := range starts {
		to := l.endOf(from)
		if to-from >= longWord || r.begins(l, from) {
			return piece{from, to, true}, true
		}
	}
	if count < 4 && r.begins(l, 0) {
		return piece{0, count, true}, true
	}
	for from := 0; from < count; {
		to := l.wordEnd(from)
		if to-from >= longWord && to-from > p.to-p.from && l.wrongsIn(from, to) <= mostWrong &&
			!l.isMixed(from, to) {
			p, found = piece{from, to, false}, true
		}
		from = to
	}
	if found {
		p.to = l.endOf(p.from)
		return p, true
	}
	return piece{0, count, false}, count >= longText && l.digitsIn(0, count)*digitsOf >= count
}

// endOf is an edge at the length of a code, or one off; else where prose begins.
func (l *letters) endOf(from int) int {
	near := l.proseAfter(from, codeLength+1)
	for _, length := range []int{codeLength, codeLength - 1, codeLength + 1} {
		if from+length <= near && l.edges[from+length] != 0 {
			return from + length
		}
	}
	return l.proseAfter(from, len(l.values))
}

// proseAfter is where prose begins, or the end of the word that makes it `enough` characters.
func (l *letters) proseAfter(from, enough int) int {
	end := l.wordEnd(from)
	last := end - from
	for end-from < enough && end < len(l.values) && l.edges[end]&edgeParagraph == 0 {
		next := l.wordEnd(end)
		if l.isProse(end, next, last) || l.wrongsIn(end, next) > mostWrong {
			break
		}
		last, end = next-end, next
	}
	return end
}

// isProse: a short word behind a longer one, or a word without digits that is no group like the `last` one.
func (l *letters) isProse(from, to, last int) bool {
	length, isLast := to-from, to == len(l.values)
	if length < shortWord && last >= shortWord && !isLast {
		return true
	}
	if (length+1 >= last && length <= last+1) || (isLast && length < last && last < longWord) { // the last may be on its way still
		return false
	}
	return l.digitsIn(from, to) == 0
}

// digitsIn counts what was read from digits.
func (l *letters) digitsIn(from, to int) (digits int) {
	for _, point := range l.points[from:to] {
		if isDigit(point) {
			digits++
		}
	}
	return digits
}

// isMixed tells words of upper and lower case, as in base64 and in links. I, l and O are typed for 1 and 0.
func (l *letters) isMixed(from, to int) bool {
	word := string(l.points[from:to])
	return strings.ContainsAny(word, "abcdefghjkmnpqrstuvwxyz") && strings.ContainsAny(word, "ABCDEFGHJKMNPQRSTUVWXYZ")
}

// wordEnd is the first gap behind a place: a wrong character ends no word.
func (l *letters) wordEnd(from int) int {
	end := from + 1
	for end < len(l.values) && l.edges[end]&edgeGap == 0 {
		end++
	}
	return end
}

func (l *letters) wrongsIn(from, to int) int {
	return bytes.Count(l.values[from:to], []byte{wrong})
}

// groupOf is the group of eight that is wrong, from 1; 0 if it cannot be told.
func (r *Reader) groupOf(l *letters, p piece) int {
	if at := bytes.IndexByte(l.values[p.from:p.to], wrong); at >= 0 {
		return at/groupLength + 1
	}
	if p.known && p.to-p.from >= headLength && !r.begins(l, p.from) {
		return 1
	}
	odd, first, words := 0, 0, 0
	for at := p.from; at < p.to; {
		end := min(l.wordEnd(at), p.to)
		if end == p.to && p.to-p.from < codeLength {
			break // the last may be on its way still
		}
		words++
		if end-at != groupLength {
			if odd++; odd == 1 {
				first = words
			}
		}
		at = end
	}
	if odd > 2 || words-odd < 2 {
		return 0
	}
	return first
}

// seenIn says what a text is, as far as a person would know it.
func seenIn(text string) string {
	all := strings.FieldsFunc(text, func(c rune) bool { return (c >= '\t' && c <= '\r') || c == ' ' })
	fewest := 9
	if len(all) == 1 {
		fewest = 4
	}
	isAddress := false
	for _, word := range all {
		if utf8.RuneCountInString(word) > 200 {
			continue
		}
		word = strings.TrimFunc(word, func(c rune) bool { return !isDigit(c) && !isLetter(c) })
		if isOrderNumber(word, fewest) {
			return "order-number"
		}
		name, host, _ := strings.Cut(word, "@")
		if name != "" && !strings.Contains(host, "@") && len(host) > 2 && strings.Contains(host[1:len(host)-1], ".") {
			isAddress = true
		}
	}
	switch {
	case isAddress:
		return "e-mail-address"
	case strings.Contains(text, "://"):
		return "link"
	}
	return "text"
}

func isOrderNumber(word string, fewest int) bool {
	if isDayOrID(word) {
		return false
	}
	digits := 0
	for _, c := range word {
		if isDigit(c) {
			digits++
		} else if !isLetter(c) && c != '-' {
			return false
		}
	}
	return len(word) >= 4 && len(word) <= 40 && digits >= fewest
}

// isDayOrID knows 2026-11-21, 21-11-2026, and a license id.
func isDayOrID(word string) bool {
	lengths, isDecimal, isHex := "", true, true
	for _, part := range strings.Split(word, "-") {
		lengths += strconv.Itoa(len(part)) + " "
		for _, c := range part {
			isDecimal = isDecimal && isDigit(c)
			isHex = isHex && (isDigit(c) || (c|0x20 >= 'a' && c|0x20 <= 'f'))
		}
	}
	return (isDecimal && (lengths == "4 2 2 " || lengths == "2 2 4 ")) || (isHex && lengths == "8 4 4 4 12 ")
}

// ---- Signatures.

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

// ---- What each character is read as.

// ascii has the value of each ASCII character.
var ascii = makeASCII()

func makeASCII() (table [128]byte) {
	for c := range table {
		upper := byte(c)
		if isLetter(rune(c)) {
			upper &^= 0x20
		}
		table[c] = nothing
		switch value := strings.IndexByte(alphabet, upper); {
		case value >= 0:
			table[c] = byte(value)
		case upper == 'I' || upper == 'L':
			table[c] = 1
		case upper == 'O':
			table[c] = 0
		case upper == 'U':
			table[c] = wrong
		case strings.IndexByte(`%=&<\`, upper) >= 0:
			table[c] = escape
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

// read gives the values of a code point of the row: one wrong character if there is a U among them.
func (r row) read(point rune) (values [6]byte, count int) {
	for i := range r.target {
		letter := r.target[i]
		if r.rises && i == len(r.target)-1 {
			letter += byte(point - r.first)
		}
		if values[i] = ascii[letter]; values[i] == wrong {
			return [6]byte{wrong}, 1
		}
	}
	return values, len(r.target)
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
