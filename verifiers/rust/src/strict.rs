//! Ed25519 as it must be checked, and the product tag, which needs the same crate's SHA-512.

use ed25519_dalek::{Digest, Sha512, Signature, VerifyingKey};

/// The order of the base point, little-endian (RFC 8032, 5.1).
const L: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// A public key that only its owner can sign for.
pub struct StrictKey(VerifyingKey);

impl StrictKey {
    /// None for bytes that are no point, not canonical (which the crate lets pass) or of small order.
    pub fn new(bytes: &[u8; 32]) -> Option<StrictKey> {
        let key = VerifyingKey::from_bytes(bytes).ok()?;
        if is_canonical(bytes) && !key.is_weak() {
            Some(StrictKey(key))
        } else {
            None
        }
    }

    /// `verify_strict` refuses an R of small order, and compares R as bytes. S < L is checked here too: another crate
    /// of the same program may have turned on the feature `legacy_compatibility`, which drops it for all.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        <[u8; 64]>::try_from(signature).map_or(false, |bytes| {
            bytes[32..].iter().rev().lt(L.iter().rev())
                && self.0.verify_strict(message, &Signature::from_bytes(&bytes)).is_ok()
        })
    }
}

/// True if y is below p = 2^255 - 19.
fn is_canonical(point: &[u8; 32]) -> bool {
    point[31] & 0x7f != 0x7f || point[1..31].iter().any(|byte| *byte != 0xff) || point[0] < 0xed
}

/// The first 3 bytes of SHA-512 of the product id.
pub(crate) fn product_tag(product: &str) -> [u8; 3] {
    let hash = Sha512::digest(product.as_bytes());
    [hash[0], hash[1], hash[2]]
}
