// The runner holds the verifier to the vectors, and answers `npm run test:verifiers`; a program needs license.go alone.
package main

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"crypto/sha512"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"time"

	"mintmark"
)

type vectors struct {
	Keyring []struct {
		mintmark.Key
		Seed string
	}
	Mint []struct {
		Name, Code string
		License    fields
	}
	Read []json.RawMessage // a readCase, and what is to be answered
}

type fields struct {
	Product, LicenseID, Issued, LastValid, UpdatesUntil string
	Revision, Seats, Features, KeyID                    int
	Test, Trial                                         bool
}

type readCase struct {
	Name, Input, Product, Today, BuildDate, LatestDay string
	AllowTest                                         bool
	Revoked, Features                                 []string
}

// answer is what a verdict carries, under the names of the vectors.
type answer map[string]any

var passed, failed int

func main() {
	data, err := os.ReadFile(os.Args[2])
	if err != nil {
		panic(err)
	}
	switch os.Args[1] {
	case "vectors":
		judgeVectors(parse[vectors](data))
	case "wycheproof":
		judgeWycheproof(data)
	case "speccheck":
		judgeSpeccheck(data)
	case "read":
		readAll(parse[vectors](data))
		return
	case "bench":
		bench(parse[vectors](data), os.Args[3])
		return
	default:
		panic("vectors, wycheproof, speccheck, read or bench")
	}
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	if failed > 0 {
		os.Exit(1)
	}
}

func parse[T any](data []byte) (value T) {
	if err := json.Unmarshal(data, &value); err != nil {
		panic(err)
	}
	return value
}

func check(right bool, name string) {
	if right {
		passed++
		return
	}
	failed++
	fmt.Println("failed:", name)
}

func judgeVectors(v vectors) {
	for _, each := range v.Mint {
		l := each.License
		verdict := readerFor(v, readCase{Product: l.Product, Today: l.Issued, AllowTest: true}).Read(each.Code)
		check(verdict.License != nil && reflect.DeepEqual(*verdict.License, licenseOf(l)) && mint(v, l) == each.Code, each.Name)
	}
	for _, data := range v.Read {
		each, expected := parse[readCase](data), parse[answer](data)
		given := parse[answer](marshal(answerOf(each, readerFor(v, each).Read(each.Input))))
		right := true
		for _, name := range told {
			want, asked := expected[name]
			right = right && (!asked || reflect.DeepEqual(given[name], want))
		}
		check(right, fmt.Sprint(each.Name, ": ", given))
	}
}

// told are the members of a case that say what is to be answered, where they are there.
var told = []string{
	"verdict", "code", "repaired", "keep", "choices", "character", "position", "count", "group", "seen", "has",
}

func answerOf(each readCase, verdict mintmark.Verdict) answer {
	a := answer{"verdict": verdict.Kind}
	switch verdict.Kind {
	case mintmark.NoCode:
		a["seen"] = verdict.Seen
	case mintmark.BadCharacter:
		a["character"], a["position"] = string(verdict.Character), verdict.Position
	case mintmark.TooShort, mintmark.TooLong:
		a["count"] = verdict.Count
	case mintmark.Several:
		choices := []answer{}
		for _, choice := range verdict.Choices {
			choices = append(choices, answer{"verdict": choice.Kind, "code": choice.Code})
		}
		a["choices"] = choices
	}
	if verdict.Group != 0 {
		a["group"] = verdict.Group
	}
	if verdict.License != nil {
		a["code"], a["keep"] = verdict.Code, verdict.Keep.Format(isoDay)
	}
	if r := verdict.Repaired; r != nil {
		a["repaired"] = answer{"kind": r.Kind, "position": r.Position, "was": r.Was, "is": r.Is}
	}
	if each.Features != nil {
		has := []string{}
		for _, name := range each.Features {
			if verdict.Has(name) {
				has = append(has, name)
			}
		}
		a["has"] = has
	}
	return a
}

func marshal(value any) []byte {
	data, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return data
}

func judgeWycheproof(data []byte) {
	type wycheproof struct {
		TestGroups []struct {
			PublicKey struct{ Pk string }
			Tests     []struct {
				TcID             int
				Msg, Sig, Result string
			}
		}
	}
	for _, group := range parse[wycheproof](data).TestGroups {
		for _, each := range group.Tests {
			accepted := mintmark.VerifyStrict(fromHex(each.Msg), fromHex(each.Sig), fromHex(group.PublicKey.Pk))
			check(accepted == (each.Result == "valid"), fmt.Sprint("case ", each.TcID))
		}
	}
}

// Of speccheck libsodium accepts case 3 alone.
func judgeSpeccheck(data []byte) {
	type speccheck []struct {
		Message, Signature string
		PublicKey          string `json:"pub_key"`
	}
	for i, each := range parse[speccheck](data) {
		accepted := mintmark.VerifyStrict(fromHex(each.Message), fromHex(each.Signature), fromHex(each.PublicKey))
		check(accepted == (i == 3), fmt.Sprint("case ", i))
	}
}

func readAll(v vectors) {
	in, out := bufio.NewReader(os.Stdin), bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 0 {
			each := parse[readCase](line)
			fmt.Fprintf(out, "%s\n", marshal(answerOf(each, readerFor(v, each).Read(each.Input))))
		}
		if err == io.EOF {
			return
		}
	}
}

// bench measures whole reads of a valid code beside bare signature checks, in turns of 20 ms, and takes the medians.
func bench(v vectors, seconds string) {
	limit, err := strconv.ParseFloat(seconds, 64)
	if err != nil {
		panic(err)
	}
	first := v.Mint[0]
	reader := readerFor(v, readCase{Product: first.License.Product, Today: first.License.Issued})
	key := keyOf(v, first.License.KeyID)
	public, signed := key.Public().(ed25519.PublicKey), signedBytes(first.License)
	signature := ed25519.Sign(key, signed)
	work := [2]func() bool{
		func() bool { return reader.Read(first.Code).Kind == mintmark.Valid },
		func() bool { return ed25519.Verify(public, signed, signature) },
	}
	var rates [2][]float64
	begun := time.Now()
	for time.Since(begun).Seconds() < limit+0.5 {
		for i := range work {
			start, done := time.Now(), 0
			for ; time.Since(start) < 20*time.Millisecond; done++ {
				if !work[i]() {
					panic("the code that is measured does not verify")
				}
			}
			if time.Since(begun).Seconds() > 0.5 { // warm by then
				rates[i] = append(rates[i], float64(done)/time.Since(start).Seconds())
			}
		}
	}
	fmt.Printf("{\"reads\":%.0f,\"checks\":%.0f}\n", median(rates[0]), median(rates[1]))
}

func median(values []float64) float64 {
	sort.Float64s(values)
	return values[len(values)/2]
}

func readerFor(v vectors, each readCase) *mintmark.Reader {
	var keyring []mintmark.Key
	for _, key := range v.Keyring {
		keyring = append(keyring, key.Key)
	}
	reader, err := mintmark.NewReader(mintmark.Options{
		Product: each.Product, Keyring: keyring, AllowTest: each.AllowTest, BuildDate: day(each.BuildDate),
		LatestDay: day(each.LatestDay), Features: each.Features,
		Today: func() time.Time { return day(each.Today) },
		Revoked: func(id string) bool {
			for _, revoked := range each.Revoked {
				if revoked == id {
					return true
				}
			}
			return false
		},
	})
	if err != nil {
		panic(err)
	}
	return reader
}

func licenseOf(l fields) mintmark.License {
	return mintmark.License{
		ID: l.LicenseID, Product: l.Product, Revision: l.Revision, Issued: day(l.Issued), LastValid: day(l.LastValid),
		UpdatesUntil: day(l.UpdatesUntil), Seats: l.Seats, Features: l.Features, Test: l.Test, Trial: l.Trial, KeyID: l.KeyID,
	}
}

// mint writes the code of a license anew, by another path than the reader's.
func mint(v vectors, l fields) string {
	signed := signedBytes(l)
	code := append(append([]byte{}, signed[len(signed)-34:]...), ed25519.Sign(keyOf(v, l.KeyID), signed)...)
	register := uint16(0xffff)
	for _, b := range code {
		x := byte(register>>8) ^ b
		x ^= x >> 4
		register = register<<8 ^ uint16(x)<<12 ^ uint16(x)<<5 ^ uint16(x)
	}
	code = binary.BigEndian.AppendUint16(code, register)
	return base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").EncodeToString(code)
}

func signedBytes(l fields) []byte {
	var b bytes.Buffer
	b.WriteString("mintmark license v1\x00")
	b.WriteByte(byte(len(l.Product)))
	b.WriteString(l.Product)
	flags := byte(0x10)
	if l.Test {
		flags |= 1
	}
	if l.Trial {
		flags |= 2
	}
	tag := sha512.Sum512([]byte(l.Product))
	b.Write([]byte{flags, byte(l.KeyID), tag[0], tag[1], tag[2]})
	b.Write(fromHex(strings.ReplaceAll(l.LicenseID, "-", "")))
	for _, n := range []int{l.Revision, number(l.Issued), number(l.LastValid), number(l.UpdatesUntil), l.Seats} {
		b.Write([]byte{byte(n >> 8), byte(n)})
	}
	b.Write([]byte{byte(l.Features >> 16), byte(l.Features >> 8), byte(l.Features)})
	return b.Bytes()
}

func keyOf(v vectors, id int) ed25519.PrivateKey {
	for _, key := range v.Keyring {
		if key.ID == id {
			return ed25519.NewKeyFromSeed(fromHex(key.Seed))
		}
	}
	panic("no such key")
}

const isoDay = "2006-01-02"

// day is the zero time for no day.
func day(text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	t, err := time.Parse(isoDay, text)
	if err != nil {
		panic(err)
	}
	return t
}

func number(text string) int {
	if text == "" {
		return 0
	}
	return int(day(text).Unix() / 86400)
}

func fromHex(text string) []byte {
	data, err := hex.DecodeString(text)
	if err != nil {
		panic(err)
	}
	return data
}
