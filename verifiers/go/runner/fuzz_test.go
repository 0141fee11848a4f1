package main

import (
	"crypto/ed25519"
	"encoding/base32"
	"os"
	"testing"
)

// Whatever is pasted, no read panics, and what is accepted was signed by a key of the keyring: nothing is forged by a
// repair. The accepted code by itself is read alike, and needs no repair.
func FuzzRead(f *testing.F) {
	data, err := os.ReadFile("../../vectors/license-code-v1.json")
	if err != nil {
		f.Fatal(err)
	}
	v := parse[vectors](data)
	for _, data := range v.Read {
		f.Add(parse[readCase](data).Input)
	}
	const product = "acme-editor"
	reader := readerFor(v, readCase{Product: product, Today: "2026-11-21", AllowTest: true})
	f.Fuzz(func(t *testing.T, text string) {
		verdict := reader.Read(text)
		if verdict.Explain() == "" {
			t.Error("nothing is told")
		}
		for _, each := range append(verdict.Choices, verdict) {
			if each.License == nil {
				continue
			}
			if !isSigned(v, product, each.Code) {
				t.Errorf("%q is accepted, which nobody signed", each.Code)
			}
			if again := reader.Read(each.Code); again.Kind != each.Kind || again.Repaired != nil {
				t.Errorf("%q is %s, and alone %s", each.Code, each.Kind, again.Kind)
			}
		}
	})
}

// isSigned looks at a code by another path than the reader's.
func isSigned(v vectors, product, code string) bool {
	data, err := base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").DecodeString(code)
	if err != nil || len(data) != 100 {
		return false
	}
	signed := append([]byte("mintmark license v1\x00"+string(rune(len(product)))+product), data[:34]...)
	return ed25519.Verify(keyOf(v, int(data[1])).Public().(ed25519.PublicKey), signed, data[34:98])
}
