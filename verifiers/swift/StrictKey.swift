// Ed25519 as it must be checked, whatever the system's library lets pass.
import CryptoKit
import Foundation

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
