import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.text.Normalizer;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.*;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Verifies Mintmark license codes, version 1, with no network. Java 17, nothing but its standard library: copy this file.
 *
 * <pre>{@code
 * var keys = List.of(new LicenseReader.Key(1, "live", "7e7dea50120b...94fb"));       // from keyring.json
 * var reader = new LicenseReader("acme-editor", keys);                               // keep it: it is immutable
 * var verdict = reader.read(pasted);
 * if (verdict.isValid()) unlock(verdict.license().seats()); else tell(verdict.explain());
 * }</pre>
 *
 * A reader may be used by many threads. No text makes {@code read} throw. Long, so that there is but one file to copy.
 */
public final class LicenseReader {
  /** An entry of keyring.json: id 1 to 255, mode "live" or "test", the public key as 64 hex digits. */
  public record Key(int id, String mode, String publicKey) {}

  /** Days are UTC. No last valid day (null) is perpetual, no updates-until no limit, 0 seats are unlimited. */
  public record License(String id, String product, int revision, LocalDate issued, LocalDate lastValid,
      LocalDate updatesUntil, int seats, int features, boolean test, boolean trial, int keyId) {}

  /** In the order in which they are judged: the first that applies is the verdict. */
  public enum Kind {
    EMPTY, BAD_CHARACTER, TOO_SHORT, TOO_LONG, MISTYPED, UNSUPPORTED_VERSION, WRONG_PRODUCT, UNKNOWN_KEY, FORGED,
    TEST_CODE, NOT_YET_VALID, REVOKED, EXPIRED, UPDATES_ENDED, VALID;

    /** The word for it in the format: {@code bad-character} and the like. */
    @Override public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * What became of a text. The license is there from TEST_CODE on, the character for BAD_CHARACTER. The number is its
   * position in the cleaned text, counted from 1; for TOO_SHORT and TOO_LONG the count of characters; for
   * UNSUPPORTED_VERSION the version, for UNKNOWN_KEY the key id; otherwise 0.
   */
  public record Verdict(Kind kind, License license, String character, int number) {
    /** Only then is the program licensed. */
    public boolean isValid() {
      return kind == Kind.VALID;
    }

    /** One sentence for the user, which holds nothing of what was pasted. */
    public String explain() {
      return switch (kind) {
        case EMPTY -> "paste your license code";
        case BAD_CHARACTER -> "character " + number + " does not belong in a license code";
        case TOO_SHORT -> "this is " + number + " of 160 characters: copy the whole line";
        case TOO_LONG -> "this is " + number + " characters instead of 160: copy only the line with the code";
        case MISTYPED -> "a character is wrong: paste it again";
        case UNSUPPORTED_VERSION -> "this license was made for a newer version of this program";
        case WRONG_PRODUCT -> "this license is for another product";
        case UNKNOWN_KEY -> "update the program, then try again";
        case FORGED -> "this is not a genuine license";
        case TEST_CODE -> "this is a test license";
        case NOT_YET_VALID -> "this license begins in the future: check the date of your computer";
        case REVOKED -> "this license was withdrawn (refunded, for example)";
        case EXPIRED -> "this license expired on " + license.lastValid();
        case UPDATES_ENDED -> "this license covers versions built until " + license.updatesUntil();
        case VALID -> "licensed";
      };
    }
  }

  private record VerifyingKey(boolean test, byte[] raw, PublicKey parsed) {}

  private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  private static final int CODE_LENGTH = 160;
  private static final int CLOCK_SKEW_DAYS = 2;
  /** UTF-16 units of a text that are looked at. */
  private static final int LONGEST_TEXT = 1 << 23;
  /** No unit of a text makes more than four characters, so a shorter piece is no code. */
  private static final int SHORTEST = CODE_LENGTH / 4;

  private static final Pattern LINE = Pattern.compile("[^\\n\\x0b\\f\\r\\x85\\u2028\\u2029]++");
  private static final Pattern WORD = Pattern.compile("\\P{IsWhite_Space}++");
  /** White space, what Unicode draws as nothing, hyphens and dashes, Markdown; of Unicode 17, whatever the JDK has. */
  private static final BitSet MEANINGLESS = setOf(
      "9-d 20 2a 2d 3e 5f-60 85 a0 ad 34f 58a 5be 61c 115f-1160 1400 1680 17b4-17b5 1806 180b-180f "
      + "2000-2015 2028-202f 2043 2053 205f-206f 207b 208b 2212 2e17 2e1a 2e3a-2e3b 2e40 2e5d 3000 301c 3030 "
      + "30a0 3164 fe00-fe0f fe31-fe32 fe58 fe63 feff ff0d ffa0 fff0-fff8 10d6e 10ead 1bca0-1bca3 1d173-1d17a "
      + "e0000-e0fff");
  /** Letters and digits of Unicode 14 to 17, which Java 17 does not fold yet. */
  private static final Pattern NEWER = Pattern.compile("[\\ua7f1-\\ua7f4\\x{107a5}\\x{1ccd6}-\\x{1ccf9}]");
  /** Long runs of marks are broken (UAX #15, 13): to put them in order takes the square of their number. */
  private static final Pattern MARKS = Pattern.compile("[\\p{M}\\uff9e\\uff9f]{30}");

  /** The order of the base point (RFC 8032, 5.1). */
  private static final BigInteger L =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
  /** Coordinates are below it. */
  private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
  /** The y coordinates of the points whose order divides 8. */
  private static final Set<BigInteger> SMALL_ORDER = Set.of(BigInteger.ZERO, BigInteger.ONE, P.subtract(BigInteger.ONE),
      new BigInteger("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826", 16),
      new BigInteger("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7", 16));
  /** What stands before a raw key in its X.509 form (RFC 8410, 4). */
  private static final String X509_PREFIX = "302a300506032b6570032100";

  private final String product;
  private final byte[] productTag;
  private final byte[] signedPrefix;
  private final Map<Integer, VerifyingKey> keys = new HashMap<>();
  private final Supplier<LocalDate> today;
  private final LocalDate buildDate;
  private final boolean allowTest;
  private final Predicate<String> revoked;

  /** By the computer's clock, for live codes only, with neither build date nor revocations. */
  public LicenseReader(String product, List<Key> keyring) {
    this(product, keyring, null, null, false, null);
  }

  /**
   * @param product the product id, 1 to 64 bytes of UTF-8
   * @param keyring at least one key; live keys only, in a production build
   * @param today tells the UTC day at each reading; null for the computer's clock
   * @param buildDate the UTC day the program was built on; null for updates without end
   * @param allowTest whether test codes are accepted too
   * @param revoked whether a license id (lower case) was withdrawn; null if that is not known
   * @throws IllegalArgumentException naming what is missing or makes no sense
   */
  public LicenseReader(String product, List<Key> keyring, Supplier<LocalDate> today, LocalDate buildDate,
      boolean allowTest, Predicate<String> revoked) {
    byte[] id = product == null ? new byte[0] : product.getBytes(StandardCharsets.UTF_8);
    require(id.length >= 1 && id.length <= 64 && new String(id, StandardCharsets.UTF_8).equals(product),
        "product: must be the product id, 1 to 64 bytes of UTF-8");
    require(keyring != null && !keyring.isEmpty(), "keyring: holds no key, so no code could be valid");
    for (Key key : keyring) addKey(key);
    this.product = product;
    this.today = today == null ? () -> LocalDate.now(ZoneOffset.UTC) : today;
    this.buildDate = buildDate;
    this.allowTest = allowTest;
    this.revoked = revoked == null ? licenseId -> false : revoked;
    signedPrefix = ByteBuffer.allocate(21 + id.length).put("mintmark license v1\0".getBytes(StandardCharsets.UTF_8))
        .put((byte) id.length).put(id).array();
    try {
      productTag = Arrays.copyOf(MessageDigest.getInstance("SHA-512").digest(id), 3);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private void addKey(Key key) {
    require(key != null && key.id() >= 1 && key.id() <= 255, "keyring: an id is a whole number from 1 to 255");
    String at = "keyring: key " + key.id();
    require("live".equals(key.mode()) || "test".equals(key.mode()), at + " must be \"live\" or \"test\"");
    String hex = key.publicKey();
    require(hex != null && hex.matches("[0-9a-fA-F]{64}"), at + " must be 32 bytes in hex");
    byte[] raw = HexFormat.of().parseHex(hex);
    require(isUsable(raw), at + " is of small order or not canonical, so anyone could sign for it");
    require(keys.values().stream().noneMatch(other -> Arrays.equals(other.raw(), raw)), at + " is there twice");
    var verifyingKey = new VerifyingKey(key.mode().equals("test"), raw, parseKey(raw));
    require(keys.put(key.id(), verifyingKey) == null, at + ": the id is there twice");
  }

  private static void require(boolean condition, String message) {
    if (!condition) throw new IllegalArgumentException(message);
  }

  /** The first verdict that applies to what was pasted. Throws only what {@code today} or {@code revoked} throws. */
  public Verdict read(String text) {
    String cleaned = text == null ? "" : clean(text);
    if (cleaned.isEmpty()) return verdict(Kind.EMPTY, 0);
    for (int i = 0; i < cleaned.length(); i++) {
      if (ALPHABET.indexOf(cleaned.charAt(i)) >= 0) continue;
      return new Verdict(Kind.BAD_CHARACTER, null, Character.toString(cleaned.codePointAt(i)), i + 1);
    }
    int count = cleaned.length();
    if (count != CODE_LENGTH) return verdict(count < CODE_LENGTH ? Kind.TOO_SHORT : Kind.TOO_LONG, count);
    return judge(unarmor(cleaned));
  }

  private Verdict judge(byte[] code) {
    ByteBuffer fields = ByteBuffer.wrap(code);
    if (crc16(code, 98) != fields.getChar(98)) return verdict(Kind.MISTYPED, 0);
    int version = code[0] >> 4 & 15;
    if (version != 1 || (code[0] & 0b1100) != 0) return verdict(Kind.UNSUPPORTED_VERSION, version);
    if (!Arrays.equals(code, 2, 5, productTag, 0, 3)) return verdict(Kind.WRONG_PRODUCT, 0);
    int keyId = code[1] & 255;
    VerifyingKey key = keys.get(keyId);
    if (key == null) return verdict(Kind.UNKNOWN_KEY, keyId);
    boolean test = (code[0] & 1) != 0;
    byte[] signed = ByteBuffer.allocate(signedPrefix.length + 34).put(signedPrefix).put(code, 0, 34).array();
    byte[] signature = Arrays.copyOfRange(code, 34, 98);
    if (test != key.test() || !verifyStrict(signed, signature, key.parsed())) return verdict(Kind.FORGED, 0);
    LocalDate lastValid = day(fields.getChar(25));
    LocalDate updatesUntil = day(fields.getChar(27));
    String id = new UUID(fields.getLong(5), fields.getLong(13)).toString();
    var license = new License(id, product, fields.getChar(21), LocalDate.ofEpochDay(fields.getChar(23)), lastValid,
        updatesUntil, fields.getChar(29), fields.getInt(30) & 0xffffff, test, (code[0] & 2) != 0, keyId);
    return new Verdict(judgeLicense(license), license, null, 0);
  }

  private Kind judgeLicense(License license) {
    if (license.test() && !allowTest) return Kind.TEST_CODE;
    LocalDate now = today.get();
    if (license.issued().toEpochDay() - now.toEpochDay() > CLOCK_SKEW_DAYS) return Kind.NOT_YET_VALID;
    if (revoked.test(license.id())) return Kind.REVOKED;
    if (license.lastValid() != null && license.lastValid().isBefore(now)) return Kind.EXPIRED;
    boolean tooNew = license.updatesUntil() != null && buildDate != null && license.updatesUntil().isBefore(buildDate);
    return tooNew ? Kind.UPDATES_ENDED : Kind.VALID;
  }

  private static Verdict verdict(Kind kind, int number) {
    return new Verdict(kind, null, null, number);
  }

  private static LocalDate day(int number) {
    return number == 0 ? null : LocalDate.ofEpochDay(number);
  }

  /** The code, if the text is one or exactly one of its lines or words is; otherwise the whole text cleaned. */
  private static String clean(String text) {
    String looked = text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text;
    String cleaned = cleanPiece(looked);
    String half = cleaned.length() == 2 * CODE_LENGTH ? cleaned.substring(CODE_LENGTH) : "";
    if (!half.isEmpty() && cleaned.startsWith(half)) cleaned = half;
    if (isCode(cleaned)) return cleaned;
    String found = null;
    for (Matcher lines = LINE.matcher(looked); lines.find(); ) {
      for (String code : codesIn(lines.group())) {
        if (found != null) return cleaned;
        found = code;
      }
    }
    return found == null ? cleaned : found;
  }

  /** A line that is a code counts once, not again for the word that it holds. */
  private static List<String> codesIn(String line) {
    if (line.length() < SHORTEST) return List.of();
    String whole = cleanPiece(line);
    if (isCode(whole)) return List.of(whole);
    return WORD.matcher(line).results().map(word -> word.group()).filter(word -> word.length() >= SHORTEST)
        .map(LicenseReader::cleanPiece).filter(LicenseReader::isCode).toList();
  }

  private static boolean isCode(String cleaned) {
    return cleaned.length() == CODE_LENGTH && cleaned.chars().allMatch(c -> ALPHABET.indexOf(c) >= 0);
  }

  /** NFKC, upper case, what means nothing dropped, look-alikes read as digits. */
  private static String cleanPiece(String text) {
    String folded = text.chars().allMatch(c -> c < 0x80) ? text : normalize(text);
    StringBuilder upper = new StringBuilder(folded.length());
    for (int i = 0, point; i < folded.length(); i += Character.charCount(point)) {
      point = folded.codePointAt(i);
      if (MEANINGLESS.get(point)) continue;
      if (point < 0x80) upper.append((char) Character.toUpperCase(point));
      // One by one: on a whole text toUpperCase takes the square of the number of ß.
      else upper.append(Character.toString(point).toUpperCase(Locale.ROOT));
    }
    return upper.toString().replace('I', '1').replace('L', '1').replace('O', '0');
  }

  private static BitSet setOf(String ranges) {
    BitSet set = new BitSet();
    for (String range : ranges.split(" ")) {
      String[] ends = range.split("-");
      set.set(Integer.parseInt(ends[0], 16), Integer.parseInt(ends[ends.length - 1], 16) + 1);
    }
    return set;
  }

  private static String normalize(String text) {
    String known = text.replace('\ufdfa', '\u0635').replace('\ufdfb', '\u062c'); // ligatures of 18 and 8 foreign letters
    known = NEWER.matcher(known).replaceAll(found -> String.valueOf(newer(found.group().codePointAt(0))));
    return Normalizer.normalize(MARKS.matcher(known).replaceAll("$0\u034f"), Normalizer.Form.NFKC);
  }

  private static char newer(int point) {
    if (point <= 0xa7f4) return "SCFQ".charAt(point - 0xa7f1);
    return point == 0x107a5 ? 'Q' : "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".charAt(point - 0x1ccd6);
  }

  private static byte[] unarmor(String code) {
    byte[] bytes = new byte[100];
    for (int i = 0, bits = 0, held = 0; i < CODE_LENGTH; i++) {
      held = held << 5 | ALPHABET.indexOf(code.charAt(i));
      bits += 5;
      if (bits % 8 < 5) bytes[bits / 8 - 1] = (byte) (held >> bits % 8);
    }
    return bytes;
  }

  /** CRC-16/CCITT-FALSE of the first bytes. */
  static int crc16(byte[] bytes, int length) {
    int register = 0xffff;
    for (int i = 0; i < length; i++) {
      register ^= (bytes[i] & 255) << 8;
      for (int bit = 0; bit < 8; bit++) register = register << 1 ^ ((register & 0x8000) != 0 ? 0x11021 : 0);
    }
    return register;
  }

  /**
   * Ed25519 as strict as libsodium. The JDK refuses S of L and more, but takes keys and R of small order.
   * Whatever is not 64 and 32 bytes is refused.
   */
  static boolean verifyStrict(byte[] message, byte[] signature, byte[] publicKey) {
    return isUsable(publicKey) && verifyStrict(message, signature, parseKey(publicKey));
  }

  private static boolean verifyStrict(byte[] message, byte[] signature, PublicKey key) {
    if (key == null || signature.length != 64 || !isUsable(Arrays.copyOf(signature, 32))) return false;
    if (littleEndian(Arrays.copyOfRange(signature, 32, 64)).compareTo(L) >= 0) return false;
    try {
      Signature ed25519 = Signature.getInstance("Ed25519");
      ed25519.initVerify(key);
      ed25519.update(message);
      return ed25519.verify(signature);
    } catch (GeneralSecurityException notOnTheCurve) {
      return false;
    }
  }

  /** False for 32 bytes that are not canonical or of small order: no honest key or R. */
  private static boolean isUsable(byte[] point) {
    if (point.length != 32) return false;
    BigInteger y = littleEndian(point).clearBit(255);
    return y.compareTo(P) < 0 && !SMALL_ORDER.contains(y);
  }

  private static BigInteger littleEndian(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) reversed[bytes.length - 1 - i] = bytes[i];
    return new BigInteger(1, reversed);
  }

  /** Null for what is no point of the curve: nothing verifies with it. */
  static PublicKey parseKey(byte[] raw) {
    try {
      byte[] x509 = HexFormat.of().parseHex(X509_PREFIX + HexFormat.of().formatHex(raw));
      return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(x509));
    } catch (GeneralSecurityException notOnTheCurve) {
      return null;
    }
  }
}
