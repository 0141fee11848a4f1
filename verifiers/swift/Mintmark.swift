// Verifies Mintmark license codes offline (docs/license-code.md), with CryptoKit and Foundation and nothing else.
//
// Written for macOS 10.15 and iOS 13 and later. NOT RUN where this project is tested, which has no Swift: run
// `npm run test:verifiers -- --only swift` on a Mac before you rely on it. Copy Mintmark.swift, Verdict.swift,
// StrictKey.swift and Cleaning.swift into your program:
//
//     let publicKey = "7e7dea50120be9470682f3e096a292d2f01459064d8d63e0a98fed21e3ad94fb"
//     let keyring = [Key(id: 1, mode: .live, publicKey: publicKey)]
//     let reader = try Reader(product: "acme-editor", keyring: keyring, buildDate: Day("2026-11-21"))
//
//     switch reader.read(pasted) {
//     case .valid(let license): unlock(seats: license.seats)
//     case let verdict: show(verdict.explanation)
//     }
import CryptoKit
import Foundation

public enum Mode { case live, test }

/// An entry of keyring.json.
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

/// Reads the codes of one product.
public struct Reader {
    /// How far a computer's clock may be behind that of the seller's server, in days.
    private static let clockSkew = 2

    private let product: String
    /// What is signed before the record.
    private let prefix: [UInt8]
    private let tag: [UInt8]
    private let keys: [UInt8: (mode: Mode, key: StrictKey)]
    private let today: () -> Day
    private let buildDate: Day?
    private let allowTest: Bool
    private let revoked: (String) -> Bool

    /// - Parameters:
    ///   - today: what tells the UTC day at each reading.
    ///   - buildDate: the day that the program was built on, for licenses whose updates end; not looked at, if nil.
    ///   - allowTest: whether test codes are accepted too.
    ///   - revoked: whether a license id, lower case, was withdrawn.
    /// - Throws: `Misuse` that names what makes no sense.
    public init(
        product: String, keyring: [Key], today: @escaping () -> Day = { Day.today }, buildDate: Day? = nil,
        allowTest: Bool = false, revoked: @escaping (String) -> Bool = { _ in false }
    ) throws {
        let id = Array(product.utf8)
        guard (1...64).contains(id.count) else {
            throw Misuse(description: "product: must be the product id, 1 to 64 bytes of UTF-8")
        }
        self.product = product
        prefix = Array("mintmark license v1".utf8) + [0, UInt8(id.count)] + id
        tag = Array(SHA512.hash(data: id).prefix(3))
        keys = try Reader.take(keyring)
        self.today = today
        self.buildDate = buildDate
        self.allowTest = allowTest
        self.revoked = revoked
    }

    /// The first verdict that applies to what was pasted. No text makes it crash.
    public func read(_ text: String) -> Verdict {
        let cleaned = clean(text)
        if let position = cleaned.badPosition { return .badCharacter(position: position) }
        let count = cleaned.values.count
        if count == 0 { return .empty }
        if count != codeLength { return count < codeLength ? .tooShort(count: count) : .tooLong(count: count) }
        return judge(unarmor(cleaned.values))
    }

    private func judge(_ bytes: [UInt8]) -> Verdict {
        if crc16(bytes[..<98]) != two(bytes, 98) { return .mistyped }
        if bytes[0] >> 4 != 1 || bytes[0] & 0b1100 != 0 { return .unsupportedVersion }
        if Array(bytes[2..<5]) != tag { return .wrongProduct }
        guard let (mode, key) = keys[bytes[1]] else { return .unknownKey }
        let license = readLicense(bytes)
        let genuine =
            license.test == (mode == .test)
            && key.verifies(prefix + bytes[..<34], signature: Array(bytes[34..<98]))
        return genuine ? judge(license) : .forged
    }

    private func judge(_ license: License) -> Verdict {
        if license.test && !allowTest { return .testCode(license) }
        let today = self.today()
        if license.issued.number - today.number > Reader.clockSkew { return .notYetValid(license) }
        if revoked(license.id) { return .revoked(license) }
        if let lastValid = license.lastValid, lastValid < today { return .expired(license, lastValid: lastValid) }
        if let updatesUntil = license.updatesUntil, let buildDate = buildDate, updatesUntil < buildDate {
            return .updatesEnded(license, updatesUntil: updatesUntil)
        }
        return .valid(license)
    }

    private func readLicense(_ bytes: [UInt8]) -> License {
        func dayOrNone(_ at: Int) -> Day? { two(bytes, at) == 0 ? nil : Day(number: two(bytes, at)) }
        return License(
            id: licenseID(bytes[5..<21]), product: product, revision: two(bytes, 21),
            issued: Day(number: two(bytes, 23)), lastValid: dayOrNone(25), updatesUntil: dayOrNone(27),
            seats: two(bytes, 29), features: Int(bytes[31]) << 16 | two(bytes, 32), test: bytes[0] & 0b01 != 0,
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

/// CRC-16/CCITT-FALSE, a byte at a time: x is the byte's share of the polynomial 0x1021 without a table.
private func crc16(_ bytes: ArraySlice<UInt8>) -> Int {
    var crc: UInt16 = 0xFFFF
    for byte in bytes {
        var x = crc >> 8 ^ UInt16(byte)
        x ^= x >> 4
        crc = crc << 8 ^ x << 12 ^ x << 5 ^ x
    }
    return Int(crc)
}

private func two(_ bytes: [UInt8], _ at: Int) -> Int { Int(bytes[at]) << 8 | Int(bytes[at + 1]) }

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
