// What a reader answers, and what a program may tell its user of it.
import Foundation

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

/// In the order in which they are judged; only `valid` is licensed.
public enum Verdict: Equatable {
    case empty
    /// From 1, among the characters that mean something.
    case badCharacter(position: Int)
    case tooShort(count: Int)
    case tooLong(count: Int)
    case mistyped
    case unsupportedVersion
    case wrongProduct
    case unknownKey
    case forged
    case testCode(License)
    case notYetValid(License)
    case revoked(License)
    case expired(License, lastValid: Day)
    case updatesEnded(License, updatesUntil: Day)
    case valid(License)

    /// What a genuine code says, whether it counts or not.
    public var license: License? {
        switch self {
        case .testCode(let license), .notYetValid(let license), .revoked(let license), .valid(let license),
            .expired(let license, _), .updatesEnded(let license, _):
            return license
        default: return nil
        }
    }

    /// The word of the format, by which a program may translate.
    public var code: String { told.code }

    /// What a program may tell its user.
    public var explanation: String { told.sentence }

    private var told: (code: String, sentence: String) {
        switch self {
        case .empty: return ("empty", "paste your license code")
        case .badCharacter(let position):
            return ("bad-character", "character \(position) does not belong in a license code")
        case .tooShort(let count):
            return ("too-short", "this is \(count) of 160 characters: copy the whole line")
        case .tooLong(let count):
            return ("too-long", "this is \(count) characters instead of 160: copy only the line with the code")
        case .mistyped: return ("mistyped", "a character is wrong: paste it again")
        case .unsupportedVersion:
            return ("unsupported-version", "this license was made for a newer version of this program")
        case .wrongProduct: return ("wrong-product", "this license is for another product")
        case .unknownKey: return ("unknown-key", "update the program, then try again")
        case .forged: return ("forged", "this is not a genuine license")
        case .testCode: return ("test-code", "this is a test license")
        case .notYetValid:
            return ("not-yet-valid", "this license begins in the future: check the date of your computer")
        case .revoked: return ("revoked", "this license was withdrawn (refunded, for example)")
        case .expired(_, let lastValid): return ("expired", "this license expired on \(lastValid)")
        case .updatesEnded(_, let updatesUntil):
            return ("updates-ended", "this license covers versions built until \(updatesUntil)")
        case .valid: return ("valid", "licensed")
        }
    }
}
