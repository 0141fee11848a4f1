//! The piece of ed25519-dalek 2 that the verifier and its runner use, on libsodium: for machines that have no crates.
//! Like the crate it takes a key of any order and encoding that is a point; verify_strict refuses what libsodium does.

use std::os::raw::{c_int, c_uchar, c_ulonglong};

#[link(name = "sodium")]
extern "C" {
    fn sodium_init() -> c_int;
    fn crypto_hash_sha512(out: *mut c_uchar, message: *const c_uchar, length: c_ulonglong) -> c_int;
    fn crypto_core_ed25519_add(sum: *mut c_uchar, p: *const c_uchar, q: *const c_uchar) -> c_int;
    fn crypto_sign_verify_detached(
        signature: *const c_uchar,
        message: *const c_uchar,
        length: c_ulonglong,
        key: *const c_uchar,
    ) -> c_int;
    fn crypto_sign_seed_keypair(public_key: *mut c_uchar, key: *mut c_uchar, seed: *const c_uchar) -> c_int;
    fn crypto_sign_detached(
        signature: *mut c_uchar,
        length: *mut c_ulonglong,
        message: *const c_uchar,
        message_length: c_ulonglong,
        key: *const c_uchar,
    ) -> c_int;
}

#[derive(Debug)]
pub struct SignatureError;

pub struct Signature([u8; 64]);

impl Signature {
    pub fn from_bytes(bytes: &[u8; 64]) -> Signature {
        Signature(*bytes)
    }

    pub fn to_bytes(&self) -> [u8; 64] {
        self.0
    }
}

pub struct VerifyingKey([u8; 32]);

/// The sum of two points; None if one is none.
fn add(p: &[u8; 32], q: &[u8; 32]) -> Option<[u8; 32]> {
    let mut sum = [0; 32];
    let done = unsafe { sodium_init() >= 0 && crypto_core_ed25519_add(sum.as_mut_ptr(), p.as_ptr(), q.as_ptr()) == 0 };
    Some(sum).filter(|_| done)
}

impl VerifyingKey {
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<VerifyingKey, SignatureError> {
        add(bytes, bytes).map(|_| VerifyingKey(*bytes)).ok_or(SignatureError)
    }

    /// True if eight times the point is the neutral one, whose y is 1.
    pub fn is_weak(&self) -> bool {
        let double = |point: [u8; 32]| add(&point, &point);
        let mut neutral = [0; 32];
        neutral[0] = 1;
        Some(self.0).and_then(double).and_then(double).and_then(double) == Some(neutral)
    }

    pub fn verify_strict(&self, message: &[u8], signature: &Signature) -> Result<(), SignatureError> {
        let length = message.len() as c_ulonglong;
        let done =
            unsafe { crypto_sign_verify_detached(signature.0.as_ptr(), message.as_ptr(), length, self.0.as_ptr()) };
        if done == 0 {
            Ok(())
        } else {
            Err(SignatureError)
        }
    }
}

pub trait Signer {
    fn sign(&self, message: &[u8]) -> Signature;
}

pub struct SigningKey([u8; 64]);

impl SigningKey {
    pub fn from_bytes(seed: &[u8; 32]) -> SigningKey {
        let (mut public_key, mut key) = ([0; 32], [0; 64]);
        unsafe { crypto_sign_seed_keypair(public_key.as_mut_ptr(), key.as_mut_ptr(), seed.as_ptr()) };
        SigningKey(key)
    }
}

impl Signer for SigningKey {
    fn sign(&self, message: &[u8]) -> Signature {
        let mut signature = [0; 64];
        let length = message.len() as c_ulonglong;
        unsafe {
            crypto_sign_detached(
                signature.as_mut_ptr(),
                std::ptr::null_mut(),
                message.as_ptr(),
                length,
                self.0.as_ptr(),
            )
        };
        Signature(signature)
    }
}

pub trait Digest {
    fn digest(data: impl AsRef<[u8]>) -> [u8; 64];
}

pub struct Sha512;

impl Digest for Sha512 {
    fn digest(data: impl AsRef<[u8]>) -> [u8; 64] {
        let (data, mut hash) = (data.as_ref(), [0; 64]);
        unsafe { crypto_hash_sha512(hash.as_mut_ptr(), data.as_ptr(), data.len() as c_ulonglong) };
        hash
    }
}
