// Verifies Mintmark license codes, version 1, offline. Add the package MintmarkVerify, or copy this one file into your
// program. It needs Foundation and CryptoKit (macOS 10.15, iOS 13 and later; elsewhere the package swift-crypto).
//
//     let publicKey = "7e7dea50120be9470682f3e096a292d2f01459064d8d63e0a98fed21e3ad94fb"  // of your keyring.json
//     let keyring = [Key(id: 1, mode: .live, publicKey: publicKey)]
//     let reader = try Reader(product: "acme-editor", keyring: keyring, features: ["export", "print"])
//     switch reader.read(pasted) {
//     case .valid(let licensed): unlock(export: licensed.has("export"), code: licensed.code)
//     case let verdict: show(verdict.explanation)
//     }
//
// `read` takes whatever a customer pastes: a whole mail, a link, a code in groups or with one slip, which is undone where
// the signature proves it (`Licensed.repaired`). No text makes it crash, and a text of any length takes milliseconds. A
// program that keeps `Licensed.keep` and gives it to the next reading as `latestDay` is not fooled by a clock set back.
//
// The steps are those of docs/license-code.md, "Reading"; all languages answer alike. Long, so that there is one file to
// copy. All of it works on Unicode scalars: a Character of Swift may be several, CR LF among them.
import Foundation

#if canImport(CryptoKit)
import CryptoKit
#else
import Crypto
#endif

public enum Mode { case live, test }

/// An entry of keyring.json. A production build embeds live keys only.
public struct Key {
    /// 1 to 255.
    public let id: UInt8
    public let mode: Mode
    /// 32 bytes in hex.
    public let publicKey: String

    public init(id: UInt8, mode: Mode, publicKey: String) {
        self.id = id
        self.mode = mode
        self.publicKey = publicKey
    }
}

/// What a program gave that makes no sense.
public struct Misuse: Error, CustomStringConvertible {
    public let description: String
}

private let codeLength = 160
private let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

/// Reads the codes of one product.
public struct Reader {
    /// How far a computer's clock may be behind that of the seller's server, in days.
    private static let clockSkew = 2
    /// Code points of a text that are looked at.
    private static let longestPaste = 65_536
    /// Signatures that may fail before no more are checked; and those that are checked to repair codes.
    private static let mostFailures = 5
    private static let mostRepairs = 4
    private static let mostFeatures = 24

    private let product: String
    /// What is signed before the record.
    private let prefix: [UInt8]
    private let tag: [UInt8]
    private let keys: [UInt8: (mode: Mode, key: StrictKey)]
    private let heads: Heads
    private let features: [String]
    private let today: () -> Day
    private let latestDay: () -> Day?
    private let buildDate: Day?
    private let allowTest: Bool
    private let revoked: (String) -> Bool

    /// - Parameters:
    ///   - features: the product's feature names in their order, 24 at most.
    ///   - today: what tells the UTC day at each reading.
    ///   - latestDay: what tells the latest UTC day that the program has seen: the `keep` of the reading before.
    ///   - buildDate: the day that the program was built on: today is never earlier, and it is what updates end before.
    ///   - allowTest: whether test codes are accepted too.
    ///   - revoked: whether a license id, lower case, was withdrawn.
    /// - Throws: `Misuse` that names what makes no sense.
    public init(
        product: String, keyring: [Key], features: [String] = [], today: @escaping () -> Day = { Day.today },
        latestDay: @escaping () -> Day? = { nil }, buildDate: Day? = nil, allowTest: Bool = false,
        revoked: @escaping (String) -> Bool = { _ in false }
    ) throws {
        let id = Array(product.utf8)
        guard (1...64).contains(id.count) else {
            throw Misuse(description: "product: must be the product id, 1 to 64 bytes of UTF-8")
        }
        guard features.count <= Reader.mostFeatures, !features.contains(""), Set(features).count == features.count else {
            throw Misuse(description: "features: must be at most 24 names, each of them once")
        }
        self.product = product
        self.features = features
        prefix = Array("mintmark license v1".utf8) + [0, UInt8(id.count)] + id
        tag = Array(SHA512.hash(data: id).prefix(3))
        keys = try Reader.take(keyring)
        heads = Heads(keyring, tag: tag)
        self.today = today
        self.latestDay = latestDay
        self.buildDate = buildDate
        self.allowTest = allowTest
        self.revoked = revoked
    }

    /// What was pasted comes to: the codes in it are found, one slip is undone, and the first verdict that applies is
    /// given. No text makes it crash.
    public func read(_ text: String) -> Verdict {
        let points = text.unicodeScalars.prefix(Reader.longestPaste).map { $0.value }
        var letters = Letters(points)
        var checks = Checks()
        let found = find(&letters, &checks)
        if !found.genuine.isEmpty { return judge(found.genuine) }
        var refusals = found.refusals
        if let bare = withoutLineMarks(points) {
            var bareLetters = Letters(bare)
            let again = find(&bareLetters, &checks)
            if !again.genuine.isEmpty { return judge(again.genuine) }
            refusals += again.refusals
        }
        // The refusal that came furthest.
        for word in ["forged", "unknown-key", "wrong-product", "unsupported-version"] {
            if let first = refusals.first(where: { $0.code == word }) { return first }
        }
        return damage(letters, found.starts, heads, points)
    }

    /// Steps 2 and 3: the whole codes in order, then the repaired ones.
    private func find(_ letters: inout Letters, _ checks: inout Checks) -> Found {
        var found = Found()
        heads.mark(&letters)
        var within: [Int] = []
        for (values, places) in letters.wholeCodes() {
            let code = Genuine(values: values, repaired: nil)
            if let refusal = refuse(code.bytes) ?? check(code, &checks) {
                found.refusals.append(refusal)
            } else {
                found.genuine.append(code)
                within += places
            }
        }
        // No room for another: the usual case.
        if !found.genuine.isEmpty && letters.count < codeLength * (within.count + 1) - 1 { return found }
        found.starts = heads.starts(letters, within.sorted())
        var past = 0
        for start in found.starts where start >= past {
            past = repair(letters, start, &found.genuine, &checks) ?? past
        }
        return found
    }

    /// Why a code does not count before its signature is checked. Nil if it is to be checked.
    private func refuse(_ bytes: [UInt8]) -> Verdict? {
        if bytes[0] >> 4 != 1 || bytes[0] & 0b1100 != 0 { return .unsupportedVersion(version: Int(bytes[0] >> 4)) }
        if Array(bytes[2..<5]) != tag { return .wrongProduct }
        return keys[bytes[1]] == nil ? .unknownKey(keyID: Int(bytes[1])) : nil
    }

    /// Nil for a genuine code. Once too many signatures have failed no more are checked, and no forged code is twice.
    private func check(_ code: Genuine, _ checks: inout Checks) -> Verdict? {
        let bytes = code.bytes
        if checks.forged.count >= Reader.mostFailures || checks.forged.contains(code.values) { return .forged }
        if let (mode, key) = keys[bytes[1]], (bytes[0] & 1 == 1) == (mode == .test),
            key.verifies(prefix + bytes[..<34], signature: Array(bytes[34..<98]))
        {
            return nil
        }
        checks.forged.insert(code.values)
        return .forged
    }

    /// Adds the genuine code that is one slip away from what stands at a start, and gives where it ends.
    private func repair(_ letters: Letters, _ start: Int, _ genuine: inout [Genuine], _ checks: inout Checks) -> Int? {
        for (length, slip) in slips(letters, start) {
            let code = slip.undone(letters, start, length)
            if genuine.contains(where: { $0.values == code.values }) { return start + length }
            let isChecked = refuse(code.bytes) == nil && !checks.forged.contains(code.values)
            guard isChecked, checks.repairs < Reader.mostRepairs else { continue }
            checks.repairs += 1
            if check(code, &checks) == nil {
                genuine.append(code)
                return start + length
            }
        }
        return nil
    }

    /// Of one license the newest code counts; of several licenses none is chosen.
    private func judge(_ codes: [Genuine]) -> Verdict {
        var newest: [Genuine] = []
        for code in codes {
            if let held = newest.firstIndex(where: { $0.license == code.license }) {
                if code.two(21) > newest[held].two(21) { newest[held] = code }
            } else {
                newest.append(code)
            }
        }
        return newest.count == 1 ? judge(newest[0]) : .several(newest.map { judge($0) })
    }

    private func judge(_ code: Genuine) -> Verdict {
        let license = readLicense(code)
        let latest = latestDay()
        let today = [buildDate, latest].compactMap { $0 }.reduce(self.today()) { max($0, $1) }
        let end = license.lastValid.map { Day(number: $0.number + 1) } ?? license.issued
        let keep = max(min(today, end), latest ?? min(today, end))
        var licensed = Licensed(license: license, code: text(of: code.values), repaired: code.repaired, keep: keep)
        if license.test && !allowTest { return .testCode(licensed) }
        // A dead battery must not lock out who bought for good.
        if license.lastValid != nil && license.issued.number - today.number > Reader.clockSkew {
            return .notYetValid(licensed)
        }
        if revoked(license.id) { return .revoked(licensed) }
        if let lastValid = license.lastValid, lastValid < today { return .expired(licensed) }
        if let until = license.updatesUntil, let built = buildDate, until < built { return .updatesEnded(licensed) }
        licensed.features = features
        return .valid(licensed)
    }

    private func readLicense(_ code: Genuine) -> License {
        func dayOrNone(_ at: Int) -> Day? { code.two(at) == 0 ? nil : Day(number: code.two(at)) }
        let bytes = code.bytes
        return License(
            id: licenseID(bytes[5..<21]), product: product, revision: code.two(21),
            issued: Day(number: code.two(23)), lastValid: dayOrNone(25), updatesUntil: dayOrNone(27),
            seats: code.two(29), features: Int(bytes[31]) << 16 | code.two(32), test: bytes[0] & 0b01 != 0,
            trial: bytes[0] & 0b10 != 0, keyID: Int(bytes[1]))
    }

    private static func take(_ keyring: [Key]) throws -> [UInt8: (mode: Mode, key: StrictKey)] {
        var keys: [UInt8: (mode: Mode, key: StrictKey)] = [:]
        var seen: Set<[UInt8]> = []
        for entry in keyring {
            guard entry.id != 0, keys[entry.id] == nil else {
                throw Misuse(description: "keyring: an id is a whole number from 1 to 255, and there once")
            }
            guard let bytes = fromHex(entry.publicKey), bytes.count == 32 else {
                throw Misuse(description: "keyring: a public key is 32 bytes in hex")
            }
            guard let key = StrictKey(bytes) else {
                throw Misuse(description: "keyring: a public key is weak or not canonical, so anyone could sign for it")
            }
            guard seen.insert(bytes).inserted else { throw Misuse(description: "keyring: a public key is there twice") }
            keys[entry.id] = (entry.mode, key)
        }
        guard !keys.isEmpty else { throw Misuse(description: "keyring: holds no key, so no code could be valid") }
        return keys
    }
}

/// What the letters of a text hold; and where a code with a slip may begin.
private struct Found {
    var genuine: [Genuine] = []
    var refusals: [Verdict] = []
    var starts: [Int] = []
}

/// The signature checks in one text: each takes time.
private struct Checks {
    var forged: Set<[UInt8]> = []
    var repairs = 0
}

/// A code, and what was undone of it.
private struct Genuine {
    let values: [UInt8]
    let bytes: [UInt8]
    let repaired: Repaired?

    init(values: [UInt8], repaired: Repaired?) {
        self.values = values
        self.repaired = repaired
        bytes = unarmor(values)
    }

    /// What is the same in all codes of one license: version, test flag, product tag, license id.
    var license: [UInt8] { [bytes[0] & ~0b10] + bytes[2..<21] }

    func two(_ at: Int) -> Int { Int(bytes[at]) << 8 | Int(bytes[at + 1]) }
}

/// The 100 bytes of 160 values of five bits.
private func unarmor(_ values: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(100)
    for at in stride(from: 0, to: codeLength, by: 8) {
        let bits = values[at..<at + 8].reduce(UInt64(0)) { $0 << 5 | UInt64($1) }
        for shift: UInt64 in [32, 24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: bits >> shift)) }
    }
    return bytes
}

private func text(of values: [UInt8]) -> String {
    String(decoding: values.map { alphabet[Int($0)] }, as: UTF8.self)
}

private func licenseID(_ bytes: ArraySlice<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for (i, byte) in bytes.enumerated() {
        if [4, 6, 8, 10].contains(i) { text.append(UInt8(ascii: "-")) }
        text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
    return String(decoding: text, as: UTF8.self)
}

/// Nil for what is no hex.
func fromHex(_ text: String) -> [UInt8]? {
    let digits = text.utf8.map { Character(Unicode.Scalar($0)).hexDigitValue }
    guard digits.count % 2 == 0, !digits.contains(nil) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8((digits[$0] ?? 0) << 4 | (digits[$0 + 1] ?? 0)) }
}

// MARK: Verdicts

/// Only `valid` is licensed.
public enum Verdict: Equatable {
    case empty
    case noCode(seen: Seen)
    /// The position counts from 1 in code points of the pasted text; `group`, here and below, from 1 in eights of the
    /// code, where the wrong one can be told.
    case badCharacter(Unicode.Scalar, position: Int, group: Int?)
    case tooShort(count: Int, group: Int?)
    case tooLong(count: Int)
    case mistyped(group: Int?)
    case unsupportedVersion(version: Int)
    case wrongProduct
    case unknownKey(keyID: Int)
    case forged
    /// Codes of several licenses of the product, each with its own verdict: which is meant is for the user to say.
    case several([Verdict])
    case testCode(Licensed)
    case notYetValid(Licensed)
    case revoked(Licensed)
    case expired(Licensed)
    case updatesEnded(Licensed)
    case valid(Licensed)

    /// What a genuine code comes to, whether it counts or not.
    public var licensed: Licensed? {
        switch self {
        case .testCode(let licensed), .notYetValid(let licensed), .revoked(let licensed), .expired(let licensed),
            .updatesEnded(let licensed), .valid(let licensed):
            return licensed
        default: return nil
        }
    }

    /// True for a valid license with this feature, by a name among the reader's.
    public func has(_ feature: String) -> Bool { licensed?.has(feature) ?? false }

    /// The word of the format, by which a program may translate.
    public var code: String { told.code }

    /// What a program may tell its user: one sentence, which holds nothing of what was pasted.
    public var explanation: String { told.sentence }

    private var told: (code: String, sentence: String) {
        func lookAt(_ group: Int?) -> String {
            group.map { ", or look at characters \(8 * $0 - 7) to \(8 * $0) of it" } ?? ""
        }
        func day(_ day: Day?) -> String { day.map { "\($0)" } ?? "" }
        switch self {
        case .empty: return ("empty", "paste your license code")
        case .noCode(let seen):
            return ("no-code", "\(seen.sentence): look in your e-mail for a line of 160 letters and digits")
        case .badCharacter(_, let position, _):
            return ("bad-character", "character \(position) does not belong in a license code")
        case .tooShort(let count, let group):
            return ("too-short", "this is \(count) of 160 characters: copy the whole line\(lookAt(group))")
        case .tooLong(let count):
            return ("too-long", "this is \(count) characters instead of 160: copy only the line with the code")
        case .mistyped(let group): return ("mistyped", "some characters are wrong: paste it again\(lookAt(group))")
        case .unsupportedVersion:
            return ("unsupported-version", "this license was made for a newer version of this program")
        case .wrongProduct: return ("wrong-product", "this license is for another product")
        case .unknownKey: return ("unknown-key", "update the program, then try again")
        case .forged: return ("forged", "this is not a genuine license")
        case .several: return ("several", "here are codes of several licenses: paste one of them")
        case .testCode: return ("test-code", "this is a test license")
        case .notYetValid:
            return ("not-yet-valid", "this license begins in the future: check the date of your computer")
        case .revoked: return ("revoked", "this license was withdrawn (refunded, for example)")
        case .expired(let read): return ("expired", "this license expired on \(day(read.license.lastValid))")
        case .updatesEnded(let read):
            return ("updates-ended", "this license covers versions built until \(day(read.license.updatesUntil))")
        case .valid: return ("valid", "licensed")
        }
    }
}

/// What a text is that holds no code; by the words of the format.
public enum Seen: String {
    case orderNumber = "order-number"
    case emailAddress = "e-mail-address"
    case link
    case text

    fileprivate var sentence: String {
        switch self {
        case .orderNumber: return "here is an order number, but no license code"
        case .emailAddress: return "here is an e-mail address, but no license code"
        case .link: return "here is a link, but no license code"
        case .text: return "here is no license code"
        }
    }
}

/// What a genuine code comes to.
public struct Licensed: Equatable {
    public let license: License
    /// The code itself, as it was minted: what a program keeps.
    public let code: String
    /// The slip that was undone, if there was one.
    public let repaired: Repaired?
    /// The UTC day to keep, and to give the next reading as its latest day.
    public let keep: Day
    /// The reader's names, with the verdict `valid` alone.
    fileprivate var features: [String] = []

    fileprivate init(license: License, code: String, repaired: Repaired?, keep: Day) {
        self.license = license
        self.code = code
        self.repaired = repaired
        self.keep = keep
    }

    /// True for a valid license with this feature, by a name among the reader's.
    public func has(_ feature: String) -> Bool {
        features.firstIndex(of: feature).map { license.features >> $0 & 1 == 1 } ?? false
    }
}

/// A slip of the finger.
public struct Repaired: Equatable {
    /// By the words of the format.
    public enum Kind: String { case substitution, swap, omission, insertion }

    public let kind: Kind
    /// Of the first character concerned, from 1, in code points of the pasted text; of an omission, where it belongs.
    public let position: Int
    /// As pasted: one character, two of a swap, none of an omission.
    public let was: String
    /// What belongs there: one character, two of a swap, none of an insertion.
    public let `is`: String
}

/// A license as a program sees it.
public struct License: Equatable {
    /// In the shape of a UUID, lower case; the same over renewals.
    public let id: String
    public let product: String
    public let revision: Int
    public let issued: Day
    /// Inclusive; nil is perpetual.
    public let lastValid: Day?
    /// Inclusive, held against the build date; nil is no limit.
    public let updatesUntil: Day?
    /// 0 is unlimited.
    public let seats: Int
    /// Bit i is the product's feature number i.
    public let features: Int
    public let test: Bool
    public let trial: Bool
    public let keyID: Int
}

/// An existing UTC day of the years 1 to 9999.
public struct Day: Comparable, CustomStringConvertible {
    /// Days since 1970-01-01; negative before.
    public let number: Int

    init(number: Int) { self.number = number }

    /// Nil for anything but an existing day, written `YYYY-MM-DD`.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return nil }
        var parts: [Int] = []
        for range in [0..<4, 5..<7, 8..<10] {
            guard bytes[range].allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            parts.append(bytes[range].reduce(0) { $0 * 10 + Int($1) - 0x30 })
        }
        let (year, month, day) = (parts[0], parts[1], parts[2])
        let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
        guard year > 0, (1...12).contains(month), day > 0 else { return nil }
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard day <= lengths[month - 1] else { return nil }
        // Years that begin in March have the leap day last.
        let (y, m) = month > 2 ? (year, month - 3) : (year - 1, month + 9)
        number = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719_468
    }

    /// The day that the computer's clock shows.
    public static var today: Day {
        Day(number: Int((Date().timeIntervalSince1970 / 86_400).rounded(.down)))
    }

    public var description: String {
        let day = number + 719_468
        let (era, inEra) = (day / 146_097, day % 146_097)
        let year = (inEra - inEra / 1_460 + inEra / 36_524 - inEra / 146_096) / 365
        let inYear = inEra - (365 * year + year / 4 - year / 100)
        let month = (5 * inYear + 2) / 153
        let written = [year + 400 * era + (month < 10 ? 0 : 1), month < 10 ? month + 3 : month - 9]
        return String(format: "%04ld-%02ld-%02ld", written[0], written[1], inYear - (153 * month + 2) / 5 + 1)
    }

    public static func < (a: Day, b: Day) -> Bool { a.number < b.number }
}

// MARK: Step 1, letters

/// A text as the characters that may be of a code.
private struct Letters {
    /// The value of a character that is in no code, but may stand in the place of one that is.
    static let wrong: UInt8 = 32

    /// What stands before a letter, or behind the last: any of these is an edge, none of them is within a word.
    private static let gap: UInt8 = 1
    private static let besideWrong: UInt8 = 2
    private static let paragraph: UInt8 = 4
    /// The 3D with which a word begins: rewritten links have -3D or *3D in the place of an equals sign.
    private static let behindEquals: UInt8 = 8
    /// A head of the reader begins.
    private static let atHead: UInt8 = 16

    /// 0 to 31, or wrong; then what each was read from, and where that stands in the text, from 1.
    private(set) var values: [UInt8] = []
    private(set) var points: [UInt32] = []
    private(set) var positions: [Int] = []
    private var before: [UInt8] = []

    private var edge = Letters.gap
    private var lineBreaks = 0

    var count: Int { values.count }

    /// Linear in the length of the text.
    init(_ text: [UInt32]) {
        values.reserveCapacity(text.count)
        points.reserveCapacity(text.count)
        positions.reserveCapacity(text.count)
        before.reserveCapacity(text.count + 1)
        var at = 0
        while at < text.count {
            let position = at + 1
            if let escape = escapeAt(text, at) {
                if let point = escape.point { put(point, position) } else { edge = Letters.gap }
                at = escape.end
                continue
            }
            let endsCrLf = text[at] == 0x0A && at > 0 && text[at - 1] == 0x0D
            if isLineBreak(text[at]) && !endsCrLf { lineBreaks += 1 }
            put(text[at], position)
            at += 1
        }
        before.append(Letters.gap)
    }

    /// A code point by itself: as it stands, or what an escape means.
    private mutating func put(_ point: UInt32, _ position: Int) {
        let one = point < 128 ? asciiValues[Int(point)] : nothing
        if one <= Letters.wrong {
            putValue(one, point, position)
        } else if let read = point < 128 ? [] : fold(point) {
            if read.isEmpty { edge = Letters.gap }
            for value in read { putValue(value, point, position) }
        } else {
            putValue(Letters.wrong, point, position)
        }
    }

    private mutating func putValue(_ value: UInt8, _ point: UInt32, _ position: Int) {
        if edge == 0 && isBehindEquals { edge = Letters.behindEquals }
        let isBeside = value == Letters.wrong || values.last == Letters.wrong
        before.append(edge | (isBeside ? Letters.besideWrong : 0) | (lineBreaks > 1 ? Letters.paragraph : 0))
        values.append(value)
        points.append(point)
        positions.append(position)
        edge = 0
        lineBreaks = 0
    }

    private var isBehindEquals: Bool {
        count > 1 && values[count - 2] == 3 && values[count - 1] == 13 && before[count - 1] == 0
            && before[count - 2] & Letters.gap != 0
    }

    func isEdge(_ at: Int) -> Bool { before[at] != 0 }

    /// Makes a place an edge where a whole head stands: a code that is joined to other text is found.
    mutating func markHead(_ at: Int) { before[at] |= Letters.atHead }

    func endsParagraph(_ at: Int) -> Bool { before[at] & Letters.paragraph != 0 }

    /// The first gap behind a place: a wrong character ends no word.
    func wordEnd(_ from: Int) -> Int {
        var end = from + 1
        while end < count && before[end] & Letters.gap == 0 { end += 1 }
        return end
    }

    func wrongs(_ range: Range<Int>) -> Int {
        values[range].reduce(0) { $0 + ($1 == Letters.wrong ? 1 : 0) }
    }

    /// How many were read from digits.
    func digits(_ range: Range<Int>) -> Int {
        points[range].reduce(0) { $0 + (isDigit($1) ? 1 : 0) }
    }

    /// Upper and lower case in one word, as in base64 and in links. I, l and O are typed for 1 and 0.
    func isMixed(_ range: Range<Int>) -> Bool {
        let letters = points[range].filter { isLetter($0) && ![0x69, 0x6C, 0x6F].contains($0 | 0x20) }
        return letters.contains { $0 & 0x20 == 0 } && letters.contains { $0 & 0x20 != 0 }
    }

    /// Step 2: the whole codes in order, each once, and the places where they begin.
    func wholeCodes() -> [(values: [UInt8], places: [Int])] {
        let fits = Fits(values)
        var found: [[UInt8]: Int] = [:]
        var codes: [(values: [UInt8], places: [Int])] = []
        for start in 0..<max(count - codeLength + 1, 0) where isEdge(start) {
            var end = start
            while fits.at(end) {
                end += codeLength
                if isEdge(end) { break }
            }
            guard isEdge(end) || before[start] & Letters.atHead != 0 else { continue }
            for at in stride(from: start, to: end, by: codeLength) {
                let code = Array(values[at..<at + codeLength])
                if let index = found[code] {
                    codes[index].places.append(at)
                } else {
                    found[code] = codes.count
                    codes.append((code, [at]))
                }
            }
        }
        return codes
    }
}

private let nothing: UInt8 = 33

/// What each character of ASCII is read as: I and L as 1, O as 0.
private let asciiValues: [UInt8] = (0..<128).map { (code: UInt8) in
    let isLower = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(code)
    switch isLower ? code - 32 : code {
    case UInt8(ascii: "U"): return Letters.wrong
    case UInt8(ascii: "I"), UInt8(ascii: "L"): return 1
    case UInt8(ascii: "O"): return 0
    case let letter: return alphabet.firstIndex(of: letter).map { UInt8($0) } ?? nothing
    }
}

private func isLineBreak(_ point: UInt32) -> Bool {
    (0x0A...0x0D).contains(point) || point == 0x85 || point == 0x2028 || point == 0x2029
}

private func isDigit(_ point: UInt32) -> Bool { (0x30...0x39).contains(point) }

private func isLetter(_ point: UInt32) -> Bool { (0x61...0x7A).contains(point | 0x20) }

/// So many code points are passed over, and read as that one; as nothing where there is none.
private typealias Escape = (end: Int, point: UInt32?)

/// What a program wrote for a character, or for nothing: URL, mail, HTML, JSON. Nil if none begins there.
private func escapeAt(_ text: [UInt32], _ at: Int) -> Escape? {
    switch text[at] {
    case 0x25: return percent(text, at)
    case 0x3D: return quotedPrintable(text, at)
    case 0x26: return entity(text, at)
    case 0x3C: return tag(text, at)
    case 0x5C: return backslash(text, at)
    // UTF-8 that was read as Latin-1 or Windows-1252.
    case 0xC2:
        guard let second = get(text, at + 1), second == 0x20 || (0x80...0xBF).contains(second) else { return nil }
        return (at + 2, nil)
    case 0xE2:
        guard let second = get(text, at + 1), second == 0x80 || second == 0x20AC,
            let third = get(text, at + 2), (0x80...0x2122).contains(third)
        else { return nil }
        return (at + 3, nil)
    case 0xEF: return get(text, at + 1) == 0xBB && get(text, at + 2) == 0xBF ? (at + 3, nil) : nil
    default: return nil
    }
}

/// `%41`, or escaped again and again, as `%252541`.
private func percent(_ text: [UInt32], _ at: Int) -> Escape? {
    var digits = at + 1
    for _ in 0..<4 where get(text, digits) == 0x32 && get(text, digits + 1) == 0x35 { digits += 2 }
    while digits > at {
        if let byte = number(text, digits..<digits + 2, 16) { return (digits + 2, byte < 0x80 ? byte : nil) }
        digits -= 2
    }
    return nil
}

/// RFC 2045, 6.7. `=2x` is none, as a link may have the code behind it; white space is at line ends.
private func quotedPrintable(_ text: [UInt32], _ at: Int) -> Escape? {
    guard let byte = number(text, at + 1..<at + 3, 16) else { return nil }
    switch byte {
    case 0x0A, 0x0D, 0x3D, 0x80...: return (at + 3, nil)
    case 0x09, 0x20:
        guard let next = get(text, at + 3) else { return (at + 3, nil) }
        return next == 0x0D || next == 0x0A || next == 0x3D ? (at + 3, nil) : nil
    default: return nil
    }
}

/// `&#65;`, `&#x41;` and `&name;`, or escaped again and again, as `&amp;amp;nbsp;`.
private func entity(_ text: [UInt32], _ at: Int) -> Escape? {
    let longestName = 32
    var name = at + 1
    for _ in 0..<4 where startsWith(text, name, "amp;") { name += 4 }
    while name > at {
        var end = name
        while end - name <= longestName, let point = get(text, end), point != 0x3B { end += 1 }
        if get(text, end) == 0x3B, let point = named(text, name..<end, longestName) { return (end + 1, point) }
        // HTML allows these without a semicolon.
        for word in ["shy", "nbsp"] where startsWith(text, name, word) { return (name + word.utf8.count, nil) }
        name -= 4
    }
    return nil
}

/// What a name between `&` and `;` means; the inner nil is nothing, the outer one that it is none.
private func named(_ text: [UInt32], _ name: Range<Int>, _ longest: Int) -> UInt32?? {
    guard let first = name.first else { return nil }
    if text[first] != 0x23 {
        let isName = (2...longest).contains(name.count) && isLetter(text[first])
        return isName && text[name].allSatisfy { isLetter($0) || isDigit($0) } ? .some(nil) : nil
    }
    let isHex = get(text, first + 1).map { $0 | 0x20 == 0x78 } ?? false
    let digits = min(first + (isHex ? 2 : 1), name.upperBound)..<name.upperBound
    guard digits.count <= (isHex ? 6 : 7), let value = number(text, digits, isHex ? 16 : 10) else { return nil }
    return .some(Unicode.Scalar(value)?.value)
}

/// Shorter than a code, so that none is passed over with it.
private func tag(_ text: [UInt32], _ at: Int) -> Escape? {
    let longest = 158
    let name = at + (get(text, at + 1) == 0x2F ? 2 : 1)
    guard let first = get(text, name), isLetter(first) else { return nil }
    var end = name + 1
    while end - name <= longest, let point = get(text, end), point != 0x3C, point != 0x3E { end += 1 }
    return get(text, end) == 0x3E ? (end + 1, nil) : nil
}

private func backslash(_ text: [UInt32], _ at: Int) -> Escape? {
    // RTF; not \'20, as a quoted code begins with it.
    for word in ["par", "line"] where startsWith(text, at + 1, word) {
        let end = at + 1 + word.utf8.count
        if !(0x61...0x7A).contains(get(text, end) ?? 0) { return (end, nil) }
    }
    switch get(text, at + 1) {
    case 0x27: return number(text, at + 2..<at + 4, 16).flatMap { $0 >= 0x80 ? (at + 4, nil) : nil }
    case 0x6E, 0x72, 0x74: return (at + 2, nil)
    case 0x75: return number(text, at + 2..<at + 6, 16).map { (at + 6, Unicode.Scalar($0)?.value) }
    default: return nil
    }
}

/// As many spaces in the place of what mail programs and editors put before lines, so that positions stay what they are:
/// `Ada>`, `1:`, `(2)`, a number before white space. Nil if there is none.
private func withoutLineMarks(_ text: [UInt32]) -> [UInt32]? {
    let before = Set("\t >|([".unicodeScalars.map { $0.value })
    let behind = Set(">:.)|]".unicodeScalars.map { $0.value })
    var bare = text
    var isMarked = false
    for at in text.indices where at == 0 || text[at - 1] == 0x0A || text[at - 1] == 0x0D {
        var from = at
        while let point = get(text, from), before.contains(point) { from += 1 }
        var end = from
        while let point = get(text, end), isDigit(point) || isLetter(point) { end += 1 }
        guard end > from, let next = get(text, end) else { continue }
        let isWord = end - from <= 10 && behind.contains(next)
        let isNumber = end - from <= 4 && text[from..<end].allSatisfy(isDigit) && (next == 0x09 || next == 0x20)
        guard isWord || isNumber else { continue }
        isMarked = true
        for place in at...end { bare[place] = 0x20 }
    }
    return isMarked ? bare : nil
}

private func get(_ text: [UInt32], _ at: Int) -> UInt32? { at < text.count ? text[at] : nil }

private func startsWith(_ text: [UInt32], _ at: Int, _ word: String) -> Bool {
    at + word.utf8.count <= text.count && text[at..<at + word.utf8.count].elementsEqual(word.unicodeScalars.map { $0.value })
}

/// Nil for what is no number of that base.
private func number(_ text: [UInt32], _ range: Range<Int>, _ radix: UInt32) -> UInt32? {
    guard !range.isEmpty, range.upperBound <= text.count else { return nil }
    var number: UInt32 = 0
    for point in text[range] {
        guard isDigit(point) || isLetter(point) else { return nil }
        let digit = isDigit(point) ? point - 0x30 : (point | 0x20) - 0x61 + 10
        guard digit < radix else { return nil }
        number = radix * number + digit
    }
    return number
}

// MARK: Check digits

// Without bytes: a CRC over all of a code, check digits too, leaves 0, and it is linear. Each character at each place adds
// a number of its own (XOR), so what is left tells which single slips to try.

/// What the five top bits of the register of CRC-16/CCITT-FALSE become.
private let crcTable: [UInt16] = (0..<32).map { (bits: UInt16) in
    (0..<5).reduce(bits << 11) { register, _ in register << 1 ^ (register & 0x8000 != 0 ? 0x1021 : 0) }
}

private func crcStep(_ register: UInt16, _ value: UInt8) -> UInt16 {
    register << 5 ^ crcTable[Int(register >> 11 ^ UInt16(value))]
}

/// What each value adds at each place of a code.
private let weights: [UInt16] = {
    var weights = [UInt16](repeating: 0, count: 32 * codeLength)
    for value in 0..<32 {
        var weight = crcStep(0, UInt8(value))
        for place in stride(from: codeLength - 1, through: 0, by: -1) {
            weights[32 * place + value] = weight
            weight = crcStep(weight, 0)
        }
    }
    return weights
}()

/// What each bit of the register becomes over the length of a code.
private let overACodeTable: [UInt16] = (0..<16).map { bit in
    (0..<codeLength).reduce(UInt16(1) << UInt16(bit)) { register, _ in crcStep(register, 0) }
}

private func overACode(_ register: UInt16) -> UInt16 {
    var moved: UInt16 = 0
    for bit in 0..<16 where register >> UInt16(bit) & 1 == 1 { moved ^= overACodeTable[bit] }
    return moved
}

/// A wrong character adds nothing, nor does what is outside of a code.
private func weight(_ place: Int, _ values: [UInt8], _ at: Int) -> UInt16 {
    guard place < codeLength, at < values.count, values[at] != Letters.wrong else { return 0 }
    return weights[32 * place + Int(values[at])]
}

/// Tells at which places 160 characters are in the alphabet and have check digits that fit.
private struct Fits {
    private var registers: [UInt16] = [0]
    private var wrongs: [Int] = [0]

    init(_ values: [UInt8]) {
        registers.reserveCapacity(values.count + 1)
        wrongs.reserveCapacity(values.count + 1)
        var (register, wrong) = (UInt16(0), 0)
        for value in values {
            register = crcStep(register, value == Letters.wrong ? 0 : value)
            wrong += value == Letters.wrong ? 1 : 0
            registers.append(register)
            wrongs.append(wrong)
        }
    }

    func at(_ from: Int) -> Bool {
        let to = from + codeLength
        guard to < registers.count, wrongs[from] == wrongs[to] else { return false }
        return registers[to] == overACode(registers[from] ^ 0xFFFF)
    }
}

// MARK: Step 3, repair

/// How the codes begin that a reader knows: version, flags, key id and product tag are the first 8 characters.
private struct Heads {
    static let length = 8
    /// Where a code may begin that one slip keeps from being found: no more of a text are looked at.
    private static let mostStarts = 16

    private let heads: [[UInt8]]
    private let firsts: Set<Int>
    private let lasts: Set<Int>

    init(_ keyring: [Key], tag: [UInt8]) {
        heads = keyring.flatMap { key in
            [UInt8(0b00), 0b10].map { trial in
                let bytes = [0x10 | trial | (key.mode == .test ? 1 : 0), key.id] + tag
                let bits = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                return stride(from: UInt64(35), through: 0, by: -5).map { UInt8(bits >> $0 & 31) }
            }
        }
        firsts = Set(heads.map { Heads.packed($0, 0, 4) })
        lasts = Set(heads.map { Heads.packed($0, Heads.length - 3, 3) })
    }

    /// Whether the characters from a place on begin like a code, as far as there are some.
    func begins(_ letters: Letters, _ from: Int) -> Bool {
        let there = letters.values[from..<min(from + Heads.length, letters.count)]
        return heads.contains { $0.starts(with: there) }
    }

    /// Marks each whole head. A code with two characters too many is not one that is joined to other text.
    func mark(_ letters: inout Letters) {
        if letters.count < codeLength + 3 { return }
        for at in 0...letters.count - Heads.length {
            if firsts.contains(Heads.packed(letters.values, at, 4)) && begins(letters, at) { letters.markHead(at) }
        }
    }

    /// The edges outside of genuine codes behind which a code with at most one slip in its head may begin, the first 16.
    func starts(_ letters: Letters, _ genuine: [Int]) -> [Int] {
        var starts: [Int] = []
        var (next, outside) = (0, 0)
        for at in 0..<letters.count {
            if next < genuine.count && genuine[next] == at { (next, outside) = (next + 1, at + codeLength) }
            if at >= outside && letters.isEdge(at) && isNear(letters.values, at) { starts.append(at) }
            if starts.count == Heads.mostStarts { break }
        }
        return starts
    }

    /// One slip leaves the first four characters as they are, or the last three, at most one place off.
    private func isNear(_ values: [UInt8], _ from: Int) -> Bool {
        if from + 4 <= values.count && firsts.contains(Heads.packed(values, from, 4)) { return true }
        for at in from + Heads.length - 4...from + Heads.length - 2 where at + 3 <= values.count {
            if lasts.contains(Heads.packed(values, at, 3)) { return true }
        }
        return false
    }

    /// A wrong character has a bit that no other has.
    private static func packed(_ values: [UInt8], _ from: Int, _ length: Int) -> Int {
        values[from..<from + length].reduce(0) { $0 << 6 | Int($1) }
    }
}

/// `cut` characters at a place are replaced by `put`.
private struct Slip {
    let kind: Repaired.Kind
    let place: Int
    let cut: Int
    let put: [UInt8]

    /// The code without it, of so many characters from a start on.
    func undone(_ letters: Letters, _ start: Int, _ length: Int) -> Genuine {
        let at = start + place
        let position = place < length ? letters.positions[at] : letters.positions[at - 1] + 1
        var was = String.UnicodeScalarView()
        for point in letters.points[at..<at + cut] { Unicode.Scalar(point).map { was.append($0) } }
        let repaired = Repaired(kind: kind, position: position, was: String(was), is: text(of: put))
        var values = Array(letters.values[start..<start + length])
        values.replaceSubrange(place..<place + cut, with: put)
        return Genuine(values: values, repaired: repaired)
    }
}

/// Each single slip that leads from a code whose check digits fit to what stands from a place on up to an edge; and how
/// many characters that is.
private func slips(_ letters: Letters, _ start: Int) -> [(length: Int, slip: Slip)] {
    var slips: [(length: Int, slip: Slip)] = []
    for length in [codeLength, codeLength - 1, codeLength + 1] {
        let end = start + length
        guard end <= letters.count, letters.isEdge(end), letters.wrongs(start..<end) <= 1 else { continue }
        let values = Array(letters.values[start..<end])
        let wrong = values.firstIndex(of: Letters.wrong)
        var found: [Slip] = []
        if length == codeLength {
            found = substitutions(values, wrong) + (wrong == nil ? swaps(values) : [])
        } else if length > codeLength {
            found = insertions(values, wrong)
        } else if wrong == nil {
            found = omissions(values)
        }
        slips += found.map { (length, $0) }
    }
    return slips
}

/// What is left over of the values from a place on, each moved by some places; 0 where the check digits fit.
private func remainder(_ values: [UInt8], from: Int = 0, moved: Int = 0) -> UInt16 {
    (from..<values.count).reduce(overACode(0xFFFF)) { $0 ^ weight($1 + moved, values, $1) }
}

private func substitutions(_ values: [UInt8], _ wrong: Int?) -> [Slip] {
    let rest = remainder(values)
    var slips: [Slip] = []
    for place in wrong.map({ $0..<$0 + 1 }) ?? 0..<codeLength {
        let without = rest ^ weight(place, values, place)
        for value in UInt8(0)..<32 where value != values[place] && weights[32 * place + Int(value)] == without {
            slips.append(Slip(kind: .substitution, place: place, cut: 1, put: [value]))
        }
    }
    return slips
}

private func swaps(_ values: [UInt8]) -> [Slip] {
    let rest = remainder(values)
    var slips: [Slip] = []
    for place in 0..<codeLength - 1 where values[place] != values[place + 1] {
        let asIs = weight(place, values, place) ^ weight(place + 1, values, place + 1)
        let swapped = weight(place, values, place + 1) ^ weight(place + 1, values, place)
        if asIs ^ swapped == rest {
            slips.append(Slip(kind: .swap, place: place, cut: 2, put: [values[place + 1], values[place]]))
        }
    }
    return slips
}

private func omissions(_ values: [UInt8]) -> [Slip] {
    var rest = remainder(values, moved: 1)
    var slips: [Slip] = []
    for place in 0..<codeLength {
        // Next to an equal character the result is the same code.
        let before = place > 0 ? values[place - 1] : Letters.wrong
        for value in UInt8(0)..<32 where weights[32 * place + Int(value)] == rest && value != before {
            slips.append(Slip(kind: .omission, place: place, cut: 0, put: [value]))
        }
        rest ^= weight(place + 1, values, place) ^ weight(place, values, place)
    }
    return slips
}

private func insertions(_ values: [UInt8], _ wrong: Int?) -> [Slip] {
    var rest = remainder(values, from: 1, moved: -1)
    var slips: [Slip] = []
    for place in 0..<values.count {
        let may = wrong.map { $0 == place } ?? (place == 0 || values[place - 1] != values[place])
        if may && rest == 0 { slips.append(Slip(kind: .insertion, place: place, cut: 1, put: [])) }
        rest ^= weight(place, values, place + 1) ^ weight(place, values, place)
    }
    return slips
}

// MARK: Step 5, say

private let groupLength = 8
/// Characters of a word that can be part of a code and hardly of a language, and of a text with many digits.
private let longWordLength = 20
private let longTextLength = 40
/// The share of digits in such a text, as a divisor: a code has 10 of 32.
private let digitShare = 5
/// Shorter words behind longer ones are prose.
private let shortWordLength = 4
private let mostWrong = 2

/// What is wrong with a text in which no whole code was found.
private func damage(_ letters: Letters, _ starts: [Int], _ heads: Heads, _ text: [UInt32]) -> Verdict {
    if letters.count == 0 { return .empty }
    let known = knownPiece(letters, starts, heads)
    guard let piece = known ?? longWord(letters) ?? manyDigits(letters) else { return .noCode(seen: seen(in: text)) }
    let hasOtherHead = known != nil && piece.count >= Heads.length && !heads.begins(letters, piece.lowerBound)
    let group = wrongGroup(letters, piece, hasOtherHead)
    if piece.count >= codeLength - 1, let wrong = letters.values[piece].firstIndex(of: Letters.wrong),
        let character = Unicode.Scalar(letters.points[wrong])
    {
        return .badCharacter(character, position: letters.positions[wrong], group: group)
    }
    if piece.count < codeLength { return .tooShort(count: piece.count, group: group) }
    return piece.count > codeLength ? .tooLong(count: piece.count) : .mistyped(group: group)
}

/// The first that begins as a code of this product does; a short one must do so to the letter, or any number would.
private func knownPiece(_ letters: Letters, _ starts: [Int], _ heads: Heads) -> Range<Int>? {
    for from in starts {
        let end = pieceEnd(letters, from)
        if end - from >= longWordLength || heads.begins(letters, from) { return from..<end }
    }
    return letters.count < 4 && heads.begins(letters, 0) ? 0..<letters.count : nil
}

/// From the longest word on, the first of them, if it is long enough.
private func longWord(_ letters: Letters) -> Range<Int>? {
    var (best, longest, from) = (-1, longWordLength - 1, 0)
    while from < letters.count {
        let end = letters.wordEnd(from)
        let isBetter = end - from > longest && letters.wrongs(from..<end) <= mostWrong
        if isBetter && !letters.isMixed(from..<end) { (best, longest) = (from, end - from) }
        from = end
    }
    return best < 0 ? nil : best..<pieceEnd(letters, best)
}

/// The whole text, if it is long and has the digits of a code.
private func manyDigits(_ letters: Letters) -> Range<Int>? {
    let all = 0..<letters.count
    return all.count >= longTextLength && letters.digits(all) * digitShare >= all.count ? all : nil
}

/// An edge at the length of a code, or one off; else where prose begins.
private func pieceEnd(_ letters: Letters, _ from: Int) -> Int {
    let near = proseAfter(letters, from, codeLength + 1)
    for length in [codeLength, codeLength - 1, codeLength + 1] {
        if from + length <= near && letters.isEdge(from + length) { return from + length }
    }
    return proseAfter(letters, from, letters.count)
}

/// Where prose begins, or the end of the word that makes it enough characters.
private func proseAfter(_ letters: Letters, _ from: Int, _ enough: Int) -> Int {
    var end = letters.wordEnd(from)
    var last = end - from
    while end - from < enough && end < letters.count && !letters.endsParagraph(end) {
        let next = letters.wordEnd(end)
        if isProse(letters, end..<next, last) || letters.wrongs(end..<next) > mostWrong { break }
        last = next - end
        end = next
    }
    return end
}

/// A short word behind a longer one, or a word without digits that is no group like the last one.
private func isProse(_ letters: Letters, _ word: Range<Int>, _ last: Int) -> Bool {
    let isLast = word.upperBound == letters.count
    if word.count < shortWordLength && last >= shortWordLength && !isLast { return true }
    // The last may be on its way still.
    let isGroup = abs(word.count - last) <= 1 || (isLast && word.count < last && last < longWordLength)
    return !isGroup && letters.digits(word) == 0
}

/// The group of eight that is wrong, from 1, where it can be told: it holds a wrong character; it is the first, which is
/// the same in all codes of a product; or, of a code in groups of eight, it is the one that has more or fewer.
private func wrongGroup(_ letters: Letters, _ piece: Range<Int>, _ hasOtherHead: Bool) -> Int? {
    if let wrong = letters.values[piece].firstIndex(of: Letters.wrong) {
        return (wrong - piece.lowerBound) / groupLength + 1
    }
    if hasOtherHead { return 1 }
    var lengths: [Int] = []
    var at = piece.lowerBound
    while at < piece.upperBound {
        let end = min(letters.wordEnd(at), piece.upperBound)
        lengths.append(end - at)
        at = end
    }
    // The last may be on its way still.
    if piece.count < codeLength { lengths.removeLast() }
    let odd = lengths.filter { $0 != groupLength }.count
    guard odd <= 2, lengths.count - odd >= 2 else { return nil }
    return lengths.firstIndex { $0 != groupLength }.map { $0 + 1 }
}

/// What a text is that holds no license code, as far as a person would know it.
private func seen(in text: [UInt32]) -> Seen {
    let longestWord = 200
    let all = text.split { (0x09...0x0D).contains($0) || $0 == 0x20 }
    // Of a date there are 8 digits.
    let fewest = all.count == 1 ? 4 : 9
    var hasAddress = false
    for word in all where word.count <= longestWord {
        guard let first = word.firstIndex(where: { isDigit($0) || isLetter($0) }),
            let last = word.lastIndex(where: { isDigit($0) || isLetter($0) })
        else { continue }
        if isOrderNumber(word[first...last], fewest) { return .orderNumber }
        if isAddress(word[first...last]) { hasAddress = true }
    }
    if hasAddress { return .emailAddress }
    let isLink = text.indices.dropLast(2).contains { text[$0] == 0x3A && text[$0 + 1] == 0x2F && text[$0 + 2] == 0x2F }
    return isLink ? .link : .text
}

private func isOrderNumber(_ word: ArraySlice<UInt32>, _ fewestDigits: Int) -> Bool {
    (4...40).contains(word.count) && !isDayOrID(word) && word.allSatisfy { isDigit($0) || isLetter($0) || $0 == 0x2D }
        && word.filter(isDigit).count >= fewestDigits
}

/// 2026-11-21, 21-11-2026, or a license id.
private func isDayOrID(_ word: ArraySlice<UInt32>) -> Bool {
    let lengths = word.split(separator: 0x2D, omittingEmptySubsequences: false).map { $0.count }
    if [[4, 2, 2], [2, 2, 4]].contains(lengths) { return word.allSatisfy { isDigit($0) || $0 == 0x2D } }
    let isHex = word.allSatisfy { isDigit($0) || (0x61...0x66).contains($0 | 0x20) || $0 == 0x2D }
    return lengths == [8, 4, 4, 4, 12] && isHex
}

private func isAddress(_ word: ArraySlice<UInt32>) -> Bool {
    let parts = word.split(separator: 0x40, omittingEmptySubsequences: false)
    return parts.count == 2 && !parts[0].isEmpty && parts[1].dropFirst().dropLast().contains(0x2E)
}

// MARK: Signatures

/// A public key that only its owner can sign for.
public struct StrictKey {
    private let key: Curve25519.Signing.PublicKey

    /// Nil for what is not 32 bytes, not canonical or of small order.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == 32, isCanonical(bytes), !hasSmallOrder(bytes),
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: Data(bytes))
        else { return nil }
        self.key = key
    }

    /// Never crashes: whatever is not 64 bytes is refused.
    public func verifies(_ message: [UInt8], signature: [UInt8]) -> Bool {
        guard signature.count == 64, isBelowOrder(Array(signature[32...])) else { return false }
        let r = Array(signature[..<32])
        return isCanonical(r) && !hasSmallOrder(r) && key.isValidSignature(signature, for: message)
    }
}

/// The order of the base point, little-endian (RFC 8032, 5.1).
private let order: [UInt8] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
]

/// The y coordinates of the points of order 8; those of order 1, 2 and 4 are 1, p - 1 and 0.
private let orderEight: [[UInt8]] = [
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
        0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
        0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
]

private func isBelowOrder(_ s: [UInt8]) -> Bool {
    s.reversed().lexicographicallyPrecedes(order.reversed())
}

/// True if y is below p = 2^255 - 19.
private func isCanonical(_ point: [UInt8]) -> Bool {
    point[31] & 0x7f != 0x7f || point[1..<31].contains { $0 != 0xff } || point[0] < 0xed
}

/// Either sign bit counts, so that x = -0 is caught too; p and p + 1, which also write 0 and 1, are not canonical.
private func hasSmallOrder(_ point: [UInt8]) -> Bool {
    var y = point
    y[31] &= 0x7f
    let isZeroOrOne = y[0] <= 1 && y[1...].allSatisfy { $0 == 0 }
    let isMinusOne = y[0] == 0xec && y[1..<31].allSatisfy { $0 == 0xff } && y[31] == 0x7f
    return isZeroOrOne || isMinusOne || orderEight.contains(y)
}

// MARK: The fold table

/// What each code point beyond ASCII is read as; empty for what means nothing, nil for a wrong character.
private func fold(_ point: UInt32) -> [UInt8]? {
    var (low, high) = (0, foldTable.count)
    while low < high {
        let middle = (low + high) / 2
        if foldTable[middle].last < point { low = middle + 1 } else { high = middle }
    }
    guard low < foldTable.count, foldTable[low].first <= point else { return nil }
    let row = foldTable[low]
    var target = row.target
    if target.last == UInt8(ascii: "+") {
        target.removeLast()
        target[target.count - 1] += UInt8(point - row.first)
    }
    let values = target.map { asciiValues[Int($0)] }
    return values.contains(Letters.wrong) ? nil : values
}

private let foldTable: [(first: UInt32, last: UInt32, target: [UInt8])] = foldRows.split { $0 == " " || $0 == "\n" }
    .compactMap { row in
        let parts = row.split(separator: ":", omittingEmptySubsequences: false)
        let span = parts[0].split(separator: "-").compactMap { UInt32($0, radix: 16) }
        guard parts.count == 2, let first = span.first, let last = span.last else { return nil }
        return (first, last, Array(parts[1].utf8))
    }

/// Made from verifiers/fold. + says that the character before it rises by one with each code point of the range.
private let foldRows = """
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
"""
