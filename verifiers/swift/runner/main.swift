// Holds the verifier against the vectors, answers cases, and measures: see verifiers/README.md for the commands.
import Foundation

#if canImport(CryptoKit)
import CryptoKit
#else
import Crypto
#endif

typealias Object = [String: Any]

let letters = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
var passed = 0
var failed = 0

func tell(_ right: Bool, _ name: String, _ why: String) {
    if right {
        passed += 1
    } else {
        failed += 1
        print("\(name): \(why)")
    }
}

func giveUp(_ why: String) -> Never {
    FileHandle.standardError.write(Data("\(why)\n".utf8))
    exit(2)
}

// MARK: JSON

/// Foundation takes no lone surrogate, and the cases have some: each becomes U+FFFD, which is as foreign.
func replaceLoneSurrogates(_ json: [UInt8]) -> [UInt8] {
    func unit(_ at: Int) -> Int? {
        guard at + 6 <= json.count, json[at..<at + 2].elementsEqual("\\u".utf8) else { return nil }
        return Int(String(decoding: json[at + 2..<at + 6], as: UTF8.self), radix: 16)
    }
    var made: [UInt8] = []
    made.reserveCapacity(json.count)
    var at = 0
    while at < json.count {
        let here = unit(at) ?? 0
        if (0xD800..<0xDC00).contains(here), let low = unit(at + 6), (0xDC00..<0xE000).contains(low) {
            made += json[at..<at + 12]
            at += 12
        } else if (0xD800..<0xE000).contains(here) {
            made += Array("\\ufffd".utf8)
            at += 6
        } else {
            let length = json[at] == UInt8(ascii: "\\") ? min(2, json.count - at) : 1
            made += json[at..<at + length]
            at += length
        }
    }
    return made
}

func parse(_ json: [UInt8]) -> Any {
    guard let value = try? JSONSerialization.jsonObject(with: Data(replaceLoneSurrogates(json))) else {
        giveUp("this is no JSON")
    }
    return value
}

func text(_ object: Object, _ name: String) -> String { object[name] as? String ?? "" }
func number(_ object: Object, _ name: String) -> Int { object[name] as? Int ?? 0 }
func flag(_ object: Object, _ name: String) -> Bool { object[name] as? Bool ?? false }
func member(_ object: Object, _ name: String) -> Object { object[name] as? Object ?? [:] }
func list(_ object: Object, _ name: String) -> [Object] { object[name] as? [Object] ?? [] }
func bytes(_ object: Object, _ name: String) -> [UInt8] { fromHex(text(object, name)) ?? [] }

// MARK: The vectors

func keyring(_ vectors: Object) -> [Key] {
    list(vectors, "keyring").map {
        let mode: Mode = text($0, "mode") == "test" ? .test : .live
        return Key(id: UInt8(number($0, "id")), mode: mode, publicKey: text($0, "publicKey"))
    }
}

func makeReader(_ product: String, _ vectors: Object, today: Day, case each: Object, allowTest: Bool) -> Reader {
    let revoked = each["revoked"] as? [String] ?? []
    do {
        return try Reader(
            product: product, keyring: keyring(vectors), features: each["features"] as? [String] ?? [],
            today: { today }, latestDay: { Day(text(each, "latestDay")) }, buildDate: Day(text(each, "buildDate")),
            allowTest: allowTest, revoked: { revoked.contains($0) })
    } catch {
        giveUp("\(error)")
    }
}

func day(_ object: Object, _ name: String) -> Day {
    guard let day = Day(text(object, name)) else { giveUp("\(name): no day") }
    return day
}

func readCase(_ vectors: Object, _ each: Object) -> Verdict {
    let today = day(each, "today")
    let allowTest = flag(each, "allowTest")
    let reader = makeReader(text(each, "product"), vectors, today: today, case: each, allowTest: allowTest)
    return reader.read(text(each, "input"))
}

func runVectors(_ vectors: Object) {
    for each in list(vectors, "mint") {
        let license = member(each, "license")
        let today = day(license, "issued")
        let reader = makeReader(text(license, "product"), vectors, today: today, case: each, allowTest: true)
        let verdict = reader.read(text(each, "code"))
        if verdict.licensed?.license != expected(license) {
            tell(false, text(each, "name"), "\(verdict.code), or another license is read")
        } else {
            tell(isMinted(vectors, license, text(each, "code")), text(each, "name"), "another code is minted")
        }
    }
    for each in list(vectors, "read") {
        let told = answer(each, readCase(vectors, each))
        tell(isWanted(each, told), text(each, "name"), written(told))
    }
}

/// All that a verdict carries.
func answer(_ each: Object, _ verdict: Verdict) -> Object {
    var answer: Object = ["verdict": verdict.code]
    switch verdict {
    case .noCode(let seen): answer["seen"] = seen.rawValue
    case .badCharacter(let character, let position, let group):
        answer["character"] = String(Character(character))
        answer["position"] = position
        answer["group"] = group
    case .tooShort(let count, let group):
        answer["count"] = count
        answer["group"] = group
    case .tooLong(let count): answer["count"] = count
    case .mistyped(let group): answer["group"] = group
    case .several(let choices):
        answer["choices"] = choices.map { ["verdict": $0.code, "code": $0.licensed?.code ?? ""] }
    default: break
    }
    if let licensed = verdict.licensed {
        answer["code"] = licensed.code
        answer["keep"] = "\(licensed.keep)"
        if let slip = licensed.repaired {
            let told: Object = ["kind": slip.kind.rawValue, "position": slip.position, "was": slip.was, "is": slip.is]
            answer["repaired"] = told
        }
    }
    if let names = each["features"] as? [String] { answer["has"] = names.filter { verdict.has($0) } }
    return answer
}

/// What a case of the vectors wants told: null is what is not told.
func isWanted(_ each: Object, _ answer: Object) -> Bool {
    let told = [
        "verdict", "code", "repaired", "keep", "choices", "character", "position", "count", "group", "seen", "has",
    ]
    let wanted = told.filter { each[$0] != nil }
    func pick(_ object: Object) -> Object {
        Object(uniqueKeysWithValues: wanted.map { ($0, object[$0] ?? NSNull()) })
    }
    return written(pick(each)) == written(pick(answer))
}

func written(_ object: Object) -> String {
    guard let json = try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys]) else {
        giveUp("an answer is no JSON")
    }
    return String(decoding: json, as: UTF8.self)
}

func expected(_ license: Object) -> License {
    License(
        id: text(license, "licenseId"), product: text(license, "product"), revision: number(license, "revision"),
        issued: day(license, "issued"), lastValid: Day(text(license, "lastValid")),
        updatesUntil: Day(text(license, "updatesUntil")), seats: number(license, "seats"),
        features: number(license, "features"), test: flag(license, "test"), trial: flag(license, "trial"),
        keyID: number(license, "keyId"))
}

/// Of the case's fields alone. CryptoKit signs with random numbers, so that its signature is another each time: the one
/// of the code is taken, verified, and all other bytes are made anew.
func isMinted(_ vectors: Object, _ license: Object, _ code: String) -> Bool {
    func two(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 255), UInt8(value & 255)] }
    func dayNumber(_ name: String) -> Int { Day(text(license, name))?.number ?? 0 }
    let features = number(license, "features")
    let flags = (flag(license, "test") ? 1 : 0) | (flag(license, "trial") ? 2 : 0)
    let hash = Array(SHA512.hash(data: Array(text(license, "product").utf8)).prefix(3))
    let id = fromHex(text(license, "licenseId").replacingOccurrences(of: "-", with: "")) ?? []
    var record: [UInt8] = [UInt8(0x10 | flags), UInt8(number(license, "keyId"))] + hash + id
    record += two(number(license, "revision"))
    record += two(dayNumber("issued"))
    record += two(dayNumber("lastValid"))
    record += two(dayNumber("updatesUntil"))
    record += two(number(license, "seats"))
    record += [UInt8(features >> 16 & 255)]
    record += two(features)
    let signature = Array(decode(code)[34..<98])
    let entry = list(vectors, "keyring").first { number($0, "id") == number(license, "keyId") } ?? [:]
    let seed = Data(bytes(entry, "seed"))
    guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else { return false }
    let signed = message(text(license, "product"), record)
    guard key.publicKey.isValidSignature(signature, for: signed) else { return false }
    var crc = 0xFFFF
    for byte in record + signature {
        for bit in stride(from: 7, through: 0, by: -1) {
            let out = (crc >> 15 ^ Int(byte) >> bit) & 1
            crc = (crc << 1 ^ out * 0x1021) & 0xFFFF
        }
    }
    return decode(code) == record + signature + two(crc)
}

func message(_ product: String, _ record: [UInt8]) -> [UInt8] {
    Array("mintmark license v1".utf8) + [0, UInt8(product.utf8.count)] + Array(product.utf8) + record
}

/// The 100 bytes of a code, bit by bit.
func decode(_ code: String) -> [UInt8] {
    var made = [UInt8](repeating: 0, count: 100)
    for (at, letter) in code.utf8.enumerated() where at < 160 {
        let value = letters.firstIndex(of: letter) ?? 0
        for bit in 0..<5 where value >> (4 - bit) & 1 == 1 {
            let place = 5 * at + bit
            made[place / 8] |= UInt8(0x80 >> (place % 8))
        }
    }
    return made
}

// MARK: Signatures

func accepts(_ message: [UInt8], _ signature: [UInt8], _ publicKey: [UInt8]) -> Bool {
    StrictKey(publicKey)?.verifies(message, signature: signature) ?? false
}

func runWycheproof(_ file: Object) {
    for group in list(file, "testGroups") {
        let key = bytes(member(group, "publicKey"), "pk")
        for each in list(group, "tests") {
            let accepted = accepts(bytes(each, "msg"), bytes(each, "sig"), key)
            tell(accepted == (text(each, "result") == "valid"), "case \(number(each, "tcId"))", "judged otherwise")
        }
    }
}

/// Of these libsodium accepts the one whose key and R are of mixed order, and all else in order.
func runSpeccheck(_ cases: [Object]) {
    for (i, each) in cases.enumerated() {
        let accepted = accepts(bytes(each, "message"), bytes(each, "signature"), bytes(each, "pub_key"))
        tell(accepted == (i == 3), "case \(i)", "judged otherwise")
    }
}

// MARK: Answers and figures

func answerCases(_ vectors: Object) {
    while let line = readLine() {
        let each = parse(Array(line.utf8)) as? Object ?? [:]
        print(written(answer(each, readCase(vectors, each))))
    }
}

/// Whole reads of the first code, and bare checks of its signature, in turns of 200: so noise meets both alike.
func bench(_ vectors: Object, seconds: Double) {
    guard let first = list(vectors, "mint").first else { giveUp("no code") }
    let license = member(first, "license")
    let code = text(first, "code")
    let today = day(license, "issued")
    let reader = makeReader(text(license, "product"), vectors, today: today, case: first, allowTest: false)
    let made = decode(code)
    let signed = message(text(license, "product"), Array(made[..<34]))
    let signature = Array(made[34..<98])
    let entry = list(vectors, "keyring").first { number($0, "id") == Int(made[1]) } ?? [:]
    guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: Data(bytes(entry, "publicKey"))) else {
        giveUp("no key")
    }
    var (reading, checking, count, right) = (0.0, 0.0, 0.0, true)
    while reading + checking < seconds {
        let start = ProcessInfo.processInfo.systemUptime
        for _ in 0..<200 { if reader.read(code).code != "valid" { right = false } }
        let middle = ProcessInfo.processInfo.systemUptime
        for _ in 0..<200 { if !key.isValidSignature(signature, for: signed) { right = false } }
        reading += middle - start
        checking += ProcessInfo.processInfo.systemUptime - middle
        count += 200
    }
    if !right { giveUp("a valid code is not read as one") }
    print("{\"reads\":\(Int(count / reading)),\"checks\":\(Int(count / checking))}")
}

let arguments = CommandLine.arguments
guard arguments.count > 2, let data = FileManager.default.contents(atPath: arguments[2]) else {
    giveUp("usage: vectors|wycheproof|speccheck|read|bench FILE [SECONDS]")
}
let file = parse(Array(data))
let object = file as? Object ?? [:]
switch arguments[1] {
case "vectors": runVectors(object)
case "wycheproof": runWycheproof(object)
case "speccheck": runSpeccheck(file as? [Object] ?? [])
case "read": answerCases(object)
case "bench": bench(object, seconds: arguments.count > 3 ? Double(arguments[3]) ?? 1 : 1)
default: giveUp("no such command")
}
if ["vectors", "wycheproof", "speccheck"].contains(arguments[1]) {
    print("\(passed) passed, \(failed) failed")
    exit(failed > 0 ? 1 : 0)
}
