// From what a person pasted to the characters that are judged (docs/license-code.md, "Reading", step 1).
//
// All of it works on Unicode scalars: a Character of Swift may be several, CR LF among them.
import Foundation

let codeLength = 160

/// UTF-16 units that are looked at, as in every reader.
private let longestText = 1 << 23
/// NFKC and upper case make at most four characters of the alphabet of one: anything shorter cannot clean to a code.
private let shortestPiece = codeLength / 4
private let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

/// The value of each ASCII character, in upper case; nil for what is foreign.
private let values: [UInt8?] = {
    var values = [UInt8?](repeating: nil, count: 128)
    for (value, letter) in alphabet.enumerated() { values[Int(letter)] = UInt8(value) }
    values[Int(UInt8(ascii: "I"))] = 1
    values[Int(UInt8(ascii: "L"))] = 1
    values[Int(UInt8(ascii: "O"))] = 0
    return values
}()

/// What a text, a line or a word is cleaned to, as far as it matters.
struct Cleaned {
    /// 0 to 31 each; as many as come before the first foreign character.
    var values: [UInt8] = []
    /// Of the first foreign character, from 1; nil if there is none.
    var badPosition: Int?

    var isCode: Bool { badPosition == nil && values.count == codeLength }
}

/// The code, if the text is one, once or twice, or exactly one of its lines or words is; otherwise all of it.
func clean(_ text: String) -> Cleaned {
    if let code = cleanCode(text) { return code }
    let isLonger = text.utf8.count > longestText
    let looked = isLonger ? String(decoding: text.utf16.prefix(longestText), as: UTF16.self) : text
    var whole = cleanPiece(looked)
    let half = whole.values.prefix(codeLength)
    if whole.badPosition == nil && whole.values.count == 2 * codeLength && whole.values.suffix(codeLength) == half {
        whole.values = Array(half)
    }
    return whole.isCode ? whole : onlyCode(in: looked) ?? whole
}

/// The usual case, a text that is a code and nothing else.
private func cleanCode(_ text: String) -> Cleaned? {
    guard text.utf8.count == codeLength else { return nil }
    var cleaned = Cleaned()
    cleaned.values.reserveCapacity(codeLength)
    for byte in text.utf8 {
        guard byte < 0x80, let value = values[Int(byte)] else { return nil }
        cleaned.values.append(value)
    }
    return cleaned
}

private func cleanPiece(_ text: String) -> Cleaned {
    var cleaned = Cleaned()
    for scalar in fold(text).unicodeScalars where !isMeaningless(scalar) {
        guard scalar.isASCII, let value = values[Int(scalar.value)] else {
            cleaned.badPosition = cleaned.values.count + 1
            return cleaned
        }
        cleaned.values.append(value)
    }
    return cleaned
}

/// The one line or word that is a code; nil for none, and for several: which is meant is not ours to guess.
private func onlyCode(in text: String) -> Cleaned? {
    var found: Cleaned?
    for line in text.unicodeScalars.split(whereSeparator: isLineBreak) {
        for code in codes(in: line) {
            if found != nil { return nil }
            found = code
        }
    }
    return found
}

/// A line that is a code counts once, not again for the word that it holds.
private func codes(in line: Substring.UnicodeScalarView) -> [Cleaned] {
    if line.count < shortestPiece { return [] }
    let whole = cleanPiece(String(line))
    if whole.isCode { return [whole] }
    let words = line.split(whereSeparator: { $0.properties.isWhitespace }).filter { $0.count >= shortestPiece }
    return words.map { cleanPiece(String($0)) }.filter { $0.isCode }
}

/// NFKC, then upper case. Putting marks in order takes the square of their number, so a run of thirty is broken by a
/// character that is dropped again (UAX #15, 13); and of two ligatures that become whole phrases one letter is enough.
private func fold(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.uppercased() }
    var safe = String.UnicodeScalarView()
    var marks = 0
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\u{FDFA}": safe.append("\u{0635}")
        case "\u{FDFB}": safe.append("\u{062C}")
        default: safe.append(scalar)
        }
        marks = isMark(scalar) ? marks + 1 : 0
        if marks == 30 {
            safe.append("\u{034F}")
            marks = 0
        }
    }
    return String(safe).precomposedStringWithCompatibilityMapping.uppercased()
}

private func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: return true
    default: return scalar == "\u{FF9E}" || scalar == "\u{FF9F}"
    }
}

/// White space and what is drawn as nothing, hyphens and dashes, and the characters of Markdown and of quoting.
private func isMeaningless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case ">", "*", "_", "`", "-", " ", "\u{2043}": return true
    case "0"..."9", "A"..."Z": return false
    default:
        let properties = scalar.properties
        return properties.isWhitespace || properties.isDefaultIgnorableCodePoint || properties.isDash
            || properties.generalCategory == .dashPunctuation
    }
}

private func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\n"..."\r", "\u{85}", "\u{2028}", "\u{2029}": return true
    default: return false
    }
}
