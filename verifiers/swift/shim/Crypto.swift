// The piece of swift-crypto that the verifier and its runner use, on libsodium: for machines that have neither that package
// nor CryptoKit. No part of a program.
import CSodium
import Foundation

public enum SHA512 {
    public static func hash(data: [UInt8]) -> [UInt8] {
        var hash = [UInt8](repeating: 0, count: 64)
        crypto_hash_sha512(&hash, data, UInt64(data.count))
        return hash
    }
}

public enum Curve25519 {
    public enum Signing {
        public struct InvalidKey: Error {}

        public struct PublicKey {
            private let bytes: [UInt8]

            public init(rawRepresentation: Data) throws {
                guard rawRepresentation.count == 32 else { throw InvalidKey() }
                bytes = Array(rawRepresentation)
            }

            public func isValidSignature(_ signature: [UInt8], for message: [UInt8]) -> Bool {
                signature.count == 64
                    && crypto_sign_verify_detached(signature, message, UInt64(message.count), bytes) == 0
            }
        }

        public struct PrivateKey {
            public let publicKey: PublicKey

            public init(rawRepresentation: Data) throws {
                var (key, secret) = ([UInt8](repeating: 0, count: 32), [UInt8](repeating: 0, count: 64))
                guard rawRepresentation.count == 32 else { throw InvalidKey() }
                crypto_sign_seed_keypair(&key, &secret, Array(rawRepresentation))
                publicKey = try PublicKey(rawRepresentation: Data(key))
            }
        }
    }
}
