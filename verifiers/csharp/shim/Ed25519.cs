using System;
using System.Runtime.InteropServices;

// For machines without BouncyCastle: the one class of it that the verifier calls, over libsodium. No part of a program.
namespace Org.BouncyCastle.Math.EC.Rfc8032
{
    public static class Ed25519
    {
        [DllImport("libsodium.so.23", CallingConvention = CallingConvention.Cdecl)]
        private static extern int crypto_sign_ed25519_verify_detached(byte[] signature, byte[] message, ulong length, byte[] publicKey);

        [DllImport("libsodium.so.23", CallingConvention = CallingConvention.Cdecl)]
        private static extern int crypto_sign_ed25519_seed_keypair(byte[] publicKey, byte[] secretKey, byte[] seed);

        [DllImport("libsodium.so.23", CallingConvention = CallingConvention.Cdecl)]
        private static extern int crypto_sign_ed25519_detached(byte[] signature, IntPtr lengthOut, byte[] message, ulong length, byte[] secretKey);

        public static bool Verify(byte[] sig, int sigOff, byte[] pk, int pkOff, byte[] m, int mOff, int mLen)
        {
            return crypto_sign_ed25519_verify_detached(Part(sig, sigOff, 64), Part(m, mOff, mLen), (ulong)mLen, Part(pk, pkOff, 32)) == 0;
        }

        public static void Sign(byte[] sk, int skOff, byte[] m, int mOff, int mLen, byte[] sig, int sigOff)
        {
            byte[] publicKey = new byte[32], secretKey = new byte[64], signature = new byte[64];
            crypto_sign_ed25519_seed_keypair(publicKey, secretKey, Part(sk, skOff, 32));
            crypto_sign_ed25519_detached(signature, IntPtr.Zero, Part(m, mOff, mLen), (ulong)mLen, secretKey);
            Array.Copy(signature, 0, sig, sigOff, 64);
        }

        private static byte[] Part(byte[] bytes, int at, int length)
        {
            if (at == 0 && length == bytes.Length) return bytes;
            var part = new byte[length];
            Array.Copy(bytes, at, part, 0, length);
            return part;
        }
    }
}
