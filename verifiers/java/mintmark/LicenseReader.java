package mintmark;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.*;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Reads Mintmark license codes, version 1, with no network. Java 17, nothing but its standard library: copy this file
 * into a folder {@code mintmark}, and embed what keyring.json holds.
 *
 * <pre>{@code
 * var keys = List.of(
 *     new LicenseReader.Key(1, "live", "7e7dea50120be9470682f3e096a292d2f01459064d8d63e0a98fed21e3ad94fb"));
 * var reader = LicenseReader.of("acme-editor", keys).features("export", "print").build(); // keep it: it is immutable
 * var verdict = reader.read(pasted);
 * if (verdict.isValid()) unlock(verdict.has("export")); else tell(verdict.explain());
 * }</pre>
 *
 * Pass to {@code read} whatever the customer pasted, even a whole mail. It finds the code, ignores what mail programs add
 * to it, and repairs one mistyped character if the signature proves the repair. Store {@code code}, and pass {@code keep}
 * as the next {@code latestDay}. A reader is thread-safe. No text makes {@code read} throw. The file is long because it
 * is the only one to copy.
 */
public final class LicenseReader {
  /** An entry of keyring.json: id 1 to 255, mode "live" or "test", the public key as 64 hex digits. */
  public record Key(int id, String mode, String publicKey) {}

  /** Days are UTC. No last valid day (null) is perpetual, no updates-until no limit, 0 seats are unlimited. */
  public record License(String id, String product, int revision, LocalDate issued, LocalDate lastValid,
      LocalDate updatesUntil, int seats, int features, boolean test, boolean trial, int keyId) {}

  /** The words of the format; docs/license-code.md says when each applies. Only VALID is licensed. */
  public enum Kind {
    EMPTY, NO_CODE, BAD_CHARACTER, TOO_SHORT, TOO_LONG, MISTYPED, UNSUPPORTED_VERSION, WRONG_PRODUCT, UNKNOWN_KEY,
    FORGED, SEVERAL, TEST_CODE, NOT_YET_VALID, REVOKED, EXPIRED, UPDATES_ENDED, VALID;

    /** The word for it in the format: {@code bad-character} and the like. */
    @Override public String toString() {
      return wordOf(this);
    }
  }

  /** What was pasted instead of a license code. */
  public enum Seen {
    ORDER_NUMBER, E_MAIL_ADDRESS, LINK, TEXT;

    @Override public String toString() {
      return wordOf(this);
    }
  }

  /** One slip of the finger. */
  public enum Slip {
    SUBSTITUTION, SWAP, OMISSION, INSERTION;

    @Override public String toString() {
      return wordOf(this);
    }
  }

  /**
   * The slip that was repaired.
   *
   * @param position of the first wrong character, from 1, in code points of the pasted text
   * @param was what was pasted: one character, two for a swap, none for an omission
   * @param is what is right: one character, two for a swap, none for an insertion
   */
  public record Repaired(Slip kind, int position, String was, String is) {}

  /**
   * The answer of a reader. A component that does not apply is null, empty or 0.
   *
   * @param license from TEST_CODE on, like code and keep
   * @param code the code as it was minted: the text to store
   * @param repaired the slip that was repaired, if there was one
   * @param keep the UTC day to store, and to pass to the next reader as the latest day
   * @param features the names of the features that a valid license has
   * @param choices for SEVERAL: the verdict on each license; ask the user which one is meant
   * @param character for BAD_CHARACTER: the character as it was pasted
   * @param position for BAD_CHARACTER: counts code points of the pasted text from 1
   * @param count for TOO_SHORT and TOO_LONG: how many characters there are instead of 160
   * @param group for BAD_CHARACTER, TOO_SHORT and MISTYPED: the wrong group of eight characters, from 1; 0 if unknown
   * @param seen for NO_CODE: what was pasted instead
   */
  public record Verdict(Kind kind, License license, String code, Repaired repaired, LocalDate keep,
      Set<String> features, List<Verdict> choices, String character, int position, int count, int group, Seen seen) {
    /** Whether the program is licensed. */
    public boolean isValid() {
      return kind == Kind.VALID;
    }

    /** True if the license is valid and has this feature, a name among the reader's. */
    public boolean has(String feature) {
      return features.contains(feature);
    }

    /** Returns one English sentence for the user. It repeats nothing of the pasted text. */
    public String explain() {
      String lookAt = group == 0 ? "" : ", or look at characters " + (8 * group - 7) + " to " + 8 * group + " of it";
      return switch (kind) {
        case EMPTY -> "paste your license code";
        case NO_CODE -> switch (seen) {
          case ORDER_NUMBER -> "here is an order number, but ";
          case E_MAIL_ADDRESS -> "here is an e-mail address, but ";
          case LINK -> "here is a link, but ";
          case TEXT -> "here is ";
        } + "no license code: look in your e-mail for a line of 160 letters and digits";
        case BAD_CHARACTER -> "character " + position + " does not belong in a license code";
        case TOO_SHORT -> "this is " + count + " of 160 characters: copy the whole line" + lookAt;
        case TOO_LONG -> "this is " + count + " characters instead of 160: copy only the line with the code";
        case MISTYPED -> "some characters are wrong: paste it again" + lookAt;
        case UNSUPPORTED_VERSION -> "this license was made for a newer version of this program";
        case WRONG_PRODUCT -> "this license is for another product";
        case UNKNOWN_KEY -> "update the program, then try again";
        case FORGED -> "this is not a genuine license";
        case SEVERAL -> "here are codes of several licenses: paste one of them";
        case TEST_CODE -> "this is a test license";
        case NOT_YET_VALID -> "this license begins in the future: check the date of your computer";
        case REVOKED -> "this license was withdrawn (refunded, for example)";
        case EXPIRED -> "this license expired on " + license.lastValid();
        case UPDATES_ENDED -> "this license covers versions built until " + license.updatesUntil();
        case VALID -> "licensed";
      };
    }
  }

  /** The options of a reader, which are all optional. */
  public static final class Builder {
    private final String product;
    private final List<Key> keyring;
    private Supplier<LocalDate> today = () -> LocalDate.now(ZoneOffset.UTC);
    private LocalDate buildDate;
    private LocalDate latestDay;
    private boolean allowTest;
    private List<String> features = List.of();
    private Predicate<String> revoked = licenseId -> false;

    private Builder(String product, List<Key> keyring) {
      this.product = product;
      this.keyring = keyring;
    }

    /** Returns the current UTC day at each {@code read}. Default: the computer's clock. */
    public Builder today(Supplier<LocalDate> day) {
      today = Objects.requireNonNull(day);
      return this;
    }

    /** The UTC day of the build: today is never earlier, and updatesUntil is compared with it; null for none. */
    public Builder buildDate(LocalDate day) {
      buildDate = day;
      return this;
    }

    /** The latest UTC day that the program has seen: {@code keep} of an earlier verdict; null for none. */
    public Builder latestDay(LocalDate day) {
      latestDay = day;
      return this;
    }

    /** Whether test codes are accepted. Default: false. */
    public Builder allowTest(boolean allowed) {
      allowTest = allowed;
      return this;
    }

    /** The product's feature names in the order of the product file, at most 24. */
    public Builder features(String... names) {
      features = List.of(names);
      return this;
    }

    /** Whether a license id (lower case) is revoked. */
    public Builder revoked(Predicate<String> isRevoked) {
      revoked = Objects.requireNonNull(isRevoked);
      return this;
    }

    /** Throws an IllegalArgumentException that names the option if an option is missing or invalid. */
    public LicenseReader build() {
      return new LicenseReader(this);
    }
  }

  private record VerifyingKey(boolean test, byte[] raw, PublicKey parsed) {}

  /** A code that is not refused and whose signature verifies. */
  private record Genuine(String code, byte[] bytes, Repaired repaired) {}

  private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  private static final int CODE_LENGTH = 160;
  private static final int HEAD_LENGTH = 8;
  private static final int GROUP = 8;
  private static final int CLOCK_SKEW_DAYS = 2;
  private static final int MOST_FEATURES = 24;
  /** Code points of a text that are looked at. */
  private static final int LONGEST_PASTE = 65_536;
  /** Signatures that may fail before no more are checked. */
  private static final int MOST_FAILURES = 5;
  /** Signatures that are checked to repair codes. */
  private static final int MOST_REPAIRS = 4;
  /** Places where a repair is tried. */
  private static final int MOST_STARTS = 16;
  private static final int TEST_FLAG = 1;
  private static final int TRIAL_FLAG = 2;
  /** Lengths of what may be a code but for one slip, in the order in which they are tried. */
  private static final int[] LENGTHS = {CODE_LENGTH, CODE_LENGTH - 1, CODE_LENGTH + 1};

  private final String product;
  private final byte[] productTag;
  private final byte[] signedPrefix;
  private final Map<Integer, VerifyingKey> keys = new HashMap<>();
  /** How the codes begin that this reader may accept. */
  private final List<byte[]> heads = new ArrayList<>();
  private final Set<Integer> firstFours = new HashSet<>();
  private final Set<Integer> lastThrees = new HashSet<>();
  private final Supplier<LocalDate> today;
  private final LocalDate buildDate;
  private final LocalDate latestDay;
  private final boolean allowTest;
  private final List<String> features;
  private final Predicate<String> revoked;

  /** The product id has 1 to 64 bytes of UTF-8; the keyring holds at least one key. A released program embeds live keys only. */
  public static Builder of(String product, List<Key> keyring) {
    return new Builder(product, keyring);
  }

  private LicenseReader(Builder options) {
    product = options.product;
    byte[] id = product == null ? new byte[0] : product.getBytes(StandardCharsets.UTF_8);
    require(id.length >= 1 && id.length <= 64 && new String(id, StandardCharsets.UTF_8).equals(product),
        "product: must be the product id, 1 to 64 bytes of UTF-8");
    require(options.keyring != null && !options.keyring.isEmpty(), "keyring: holds no key, so no code could be valid");
    features = options.features;
    require(features.size() <= MOST_FEATURES, "features: must be at most " + MOST_FEATURES + " names");
    require(!features.contains("") && new HashSet<>(features).size() == features.size(),
        "features: has an empty name, or a name twice");
    today = options.today;
    buildDate = options.buildDate;
    latestDay = options.latestDay;
    allowTest = options.allowTest;
    revoked = options.revoked;
    signedPrefix = ByteBuffer.allocate(21 + id.length).put("mintmark license v1\0".getBytes(StandardCharsets.UTF_8))
        .put((byte) id.length).put(id).array();
    try {
      productTag = Arrays.copyOf(MessageDigest.getInstance("SHA-512").digest(id), 3);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
    for (Key key : options.keyring) addKey(key);
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
    boolean test = key.mode().equals("test");
    require(keys.put(key.id(), new VerifyingKey(test, raw, parseKey(raw))) == null, at + ": the id is there twice");
    for (int trial : new int[] {0, TRIAL_FLAG}) {
      int flags = 0x10 | trial | (test ? TEST_FLAG : 0);
      byte[] first = ByteBuffer.allocate(5).put((byte) flags).put((byte) key.id()).put(productTag).array();
      byte[] head = valuesOf(new BigInteger(1, first), HEAD_LENGTH);
      heads.add(head);
      firstFours.add(packed(head, 0, 4));
      lastThrees.add(packed(head, HEAD_LENGTH - 3, 3));
    }
  }

  private static void require(boolean condition, String message) {
    if (!condition) throw new IllegalArgumentException(message);
  }

  private static String wordOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Finds the codes in a pasted text, repairs one slip, and returns the first verdict that applies. Throws only what
   * {@code today} or {@code revoked} throws.
   */
  public Verdict read(String text) {
    Genuine plain = text == null ? null : plainCode(text);
    if (plain != null) return judge(plain);
    int[] points = text == null ? new int[0] : text.codePoints().limit(LONGEST_PASTE).toArray();
    return new Reading().verdict(points);
  }

  /** The code if a text is a genuine code and nothing else, the usual case, which is faster by itself; else null. */
  private Genuine plainCode(String text) {
    if (text.length() != CODE_LENGTH) return null;
    byte[] values = new byte[CODE_LENGTH];
    int rest = CheckDigits.INITIAL;
    for (int i = 0; i < CODE_LENGTH; i++) {
      char c = text.charAt(i);
      if (c >= 128 || VALUES[c] >= WRONG) return null;
      values[i] = VALUES[c];
      rest = CheckDigits.step(rest, values[i]);
    }
    if (rest != 0) return null;
    String code = textOf(values, 0, CODE_LENGTH);
    byte[] bytes = unarmor(code);
    return refuse(bytes) == null && isGenuine(bytes) ? new Genuine(code, bytes, null) : null;
  }

  private Verdict judge(Genuine genuine) {
    ByteBuffer fields = ByteBuffer.wrap(genuine.bytes());
    int flags = fields.get(0);
    String id = new UUID(fields.getLong(5), fields.getLong(13)).toString();
    var license = new License(id, product, fields.getChar(21), LocalDate.ofEpochDay(fields.getChar(23)),
        day(fields.getChar(25)), day(fields.getChar(27)), fields.getChar(29), fields.getInt(30) & 0xffffff,
        (flags & TEST_FLAG) != 0, (flags & TRIAL_FLAG) != 0, fields.get(1) & 255);
    LocalDate now = latest(latest(today.get(), buildDate), latestDay);
    Kind kind = judgeLicense(license, now);
    Set<String> names = new LinkedHashSet<>();
    for (int bit = 0; kind == Kind.VALID && bit < features.size(); bit++) {
      if ((license.features() >> bit & 1) != 0) names.add(features.get(bit));
    }
    return new Verdict(kind, license, genuine.code(), genuine.repaired(), dayToKeep(license, now),
        Collections.unmodifiableSet(names), List.of(), null, 0, 0, 0, null);
  }

  private Kind judgeLicense(License license, LocalDate now) {
    LocalDate lastValid = license.lastValid();
    if (license.test() && !allowTest) return Kind.TEST_CODE;
    // A wrong clock must not lock out the owner of a perpetual license.
    if (lastValid != null && license.issued().minusDays(CLOCK_SKEW_DAYS).isAfter(now)) return Kind.NOT_YET_VALID;
    if (revoked.test(license.id())) return Kind.REVOKED;
    if (lastValid != null && lastValid.isBefore(now)) return Kind.EXPIRED;
    boolean tooNew = license.updatesUntil() != null && buildDate != null && license.updatesUntil().isBefore(buildDate);
    return tooNew ? Kind.UPDATES_ENDED : Kind.VALID;
  }

  /** Today, but no later than the license's end, and never earlier than the latest day. */
  private LocalDate dayToKeep(License license, LocalDate now) {
    LocalDate end = license.lastValid() == null ? license.issued() : license.lastValid().plusDays(1);
    return latest(now.isBefore(end) ? now : end, latestDay);
  }

  private static LocalDate latest(LocalDate day, LocalDate other) {
    return other != null && other.isAfter(day) ? other : day;
  }

  private static LocalDate day(int number) {
    return number == 0 ? null : LocalDate.ofEpochDay(number);
  }

  private static Verdict verdict(Kind kind) {
    return verdict(kind, null, 0, 0, 0, null);
  }

  private static Verdict verdict(Kind kind, String character, int position, int count, int group, Seen seen) {
    return new Verdict(kind, null, null, null, null, Set.of(), List.of(), character, position, count, group, seen);
  }

  // ---- One reading: find, repair, say.

  private final class Reading {
    private final Set<String> forged = new HashSet<>();
    private int repairs;
    /** Of the codes found, the one that came furthest; null if none was refused. */
    private Kind refusal;

    Verdict verdict(int[] text) {
      Letters letters = new Letters(text);
      Search search = new Search(letters);
      Collection<Genuine> genuine = search.genuine.values();
      int[] bare = genuine.isEmpty() ? withoutLineMarks(text) : text;
      if (bare != text) genuine = new Search(new Letters(bare)).genuine.values();
      if (genuine.isEmpty()) {
        return refusal == null ? new Damage(letters, search.starts).verdict(text) : LicenseReader.verdict(refusal);
      }
      List<Verdict> choices = newestOfEach(genuine).stream().map(LicenseReader.this::judge).toList();
      if (choices.size() == 1) return choices.get(0);
      return new Verdict(Kind.SEVERAL, null, null, null, null, Set.of(), choices, null, 0, 0, 0, null);
    }

    /** False without a check once too many signatures have failed. No forged code is checked twice. */
    private boolean isStillGenuine(String code, byte[] bytes) {
      if (forged.contains(code) || forged.size() >= MOST_FAILURES) return false;
      boolean genuine = isGenuine(bytes);
      if (!genuine) forged.add(code);
      return genuine;
    }

    private boolean isGenuineRepair(String code, byte[] bytes) {
      if (forged.contains(code) || repairs >= MOST_REPAIRS) return false;
      repairs++;
      return isStillGenuine(code, bytes);
    }

    /** The genuine codes in the letters of a text: the whole ones in order, then the repaired ones. */
    private final class Search {
      private final Letters letters;
      private final Map<String, Genuine> genuine = new LinkedHashMap<>();
      private final List<Integer> starts = new ArrayList<>();

      Search(Letters letters) {
        this.letters = letters;
        List<Integer> places = new ArrayList<>();
        markHeads();
        letters.wholeCodes().forEach((code, at) -> {
          if (isWholeGenuine(code)) places.addAll(at);
        });
        // No room for another code: the usual case.
        if (!genuine.isEmpty() && letters.count < CODE_LENGTH * (places.size() + 1) - 1) return;
        Collections.sort(places);
        findStarts(places);
        int past = 0;
        for (int start : starts) if (start >= past) past = Math.max(past, repair(start));
      }

      /**
       * A place where a whole head stands is an edge: a code that is joined to other text is found. A code with two
       * characters too many is not.
       */
      private void markHeads() {
        if (letters.count < CODE_LENGTH + 3) return;
        for (int at = 0; at + HEAD_LENGTH <= letters.count; at++) {
          if (isAmong(firstFours, at, 4) && begins(letters, at)) letters.edges[at] |= EDGE_HEAD;
        }
      }

      private boolean isWholeGenuine(String code) {
        byte[] bytes = unarmor(code);
        Kind refused = refuse(bytes);
        if (refused == null && isStillGenuine(code, bytes)) {
          genuine.put(code, new Genuine(code, bytes, null));
          return true;
        }
        if (refused == null) refused = Kind.FORGED;
        // The kinds are in the order of how far a code came.
        if (refusal == null || refused.compareTo(refusal) > 0) refusal = refused;
        return false;
      }

      /** The edges outside of genuine codes behind which a code with at most one slip in its head may begin. */
      private void findStarts(List<Integer> places) {
        int next = 0;
        int outside = 0;
        for (int at = 0; at < letters.count && starts.size() < MOST_STARTS; at++) {
          if (next < places.size() && at == places.get(next)) {
            next++;
            outside = at + CODE_LENGTH;
          }
          if (at >= outside && letters.edges[at] != 0 && isNear(at)) starts.add(at);
        }
      }

      /** One slip leaves the first four characters of a head as they are, or the last three, at most one place off. */
      private boolean isNear(int at) {
        return isAmong(firstFours, at, 4) || isAmong(lastThrees, at + 4, 3) || isAmong(lastThrees, at + 5, 3)
            || isAmong(lastThrees, at + 6, 3);
      }

      private boolean isAmong(Set<Integer> parts, int at, int length) {
        return at + length <= letters.count && parts.contains(packed(letters.values, at, length));
      }

      /** Adds the genuine code that is one slip away, and returns where it ends; 0 if there is none. */
      private int repair(int start) {
        for (int length : LENGTHS) {
          int end = start + length;
          if (end > letters.count || letters.edges[end] == 0) continue;
          byte[] values = Arrays.copyOfRange(letters.values, start, end);
          for (Change change : changes(values)) {
            String code = textOf(values, 0, change.place()) + change.put()
                + textOf(values, change.place() + change.cut(), values.length);
            if (genuine.containsKey(code)) return end;
            byte[] bytes = unarmor(code);
            if (refuse(bytes) != null || !isGenuineRepair(code, bytes)) continue;
            genuine.put(code, new Genuine(code, bytes, repaired(start, length, change)));
            return end;
          }
        }
        return 0;
      }

      private Repaired repaired(int start, int length, Change change) {
        int at = start + change.place();
        int position = change.place() < length ? letters.positions[at] : letters.positions[at - 1] + 1;
        return new Repaired(change.slip(), position, new String(letters.points, at, change.cut()), change.put());
      }
    }
  }

  /**
   * Replaces what mail programs and editors put before lines by as many spaces, so that positions stay what they are:
   * {@code Ada>}, {@code 1:}, {@code (2)}, a number before white space. The same array if there is none.
   */
  private static int[] withoutLineMarks(int[] text) {
    int[] bare = text;
    for (int i = 0; i < text.length; i++) {
      if (i > 0 && text[i - 1] != '\n' && text[i - 1] != '\r') continue;
      int from = i;
      while (from < text.length && "\t >|([".indexOf(text[from]) >= 0) from++;
      int end = from;
      int digits = 0;
      for (; end < text.length && (isDigit(text[end]) || isLetter(text[end])); end++) if (isDigit(text[end])) digits++;
      int length = end - from;
      if (end == text.length || length == 0) continue;
      boolean isWord = length <= 10 && ">:.)|]".indexOf(text[end]) >= 0;
      boolean isNumber = length <= 4 && digits == length && (text[end] == '\t' || text[end] == ' ');
      if (!isWord && !isNumber) continue;
      if (bare == text) bare = text.clone();
      Arrays.fill(bare, i, end + 1, ' ');
    }
    return bare;
  }

  // ---- Say: what is wrong with a text that holds no genuine code.

  /** Whether what stands there begins like a code of this reader, as far as it goes. */
  private boolean begins(Letters letters, int from) {
    int length = Math.min(HEAD_LENGTH, letters.count - from);
    return heads.stream().anyMatch(head -> Arrays.equals(head, 0, length, letters.values, from, from + length));
  }

  private final class Damage {
    private final Letters letters;
    private final List<Integer> starts;

    Damage(Letters letters, List<Integer> starts) {
      this.letters = letters;
      this.starts = starts;
    }

    Verdict verdict(int[] text) {
      if (letters.count == 0) return LicenseReader.verdict(Kind.EMPTY);
      Piece piece = piece();
      if (piece == null) {
        return LicenseReader.verdict(Kind.NO_CODE, null, 0, 0, 0, seenIn(new String(text, 0, text.length)));
      }
      int count = piece.to() - piece.from();
      int group = group(piece);
      int wrong = letters.wrongIn(piece.from(), piece.to());
      if (count >= CODE_LENGTH - 1 && wrong >= 0) {
        String character = Character.toString(letters.points[wrong]);
        return LicenseReader.verdict(Kind.BAD_CHARACTER, character, letters.positions[wrong], 0, group, null);
      }
      if (count < CODE_LENGTH) return LicenseReader.verdict(Kind.TOO_SHORT, null, 0, count, group, null);
      if (count > CODE_LENGTH) return LicenseReader.verdict(Kind.TOO_LONG, null, 0, count, 0, null);
      return LicenseReader.verdict(Kind.MISTYPED, null, 0, 0, group, null);
    }

    /** The stretch that is meant to be a code; null if there is none. */
    private Piece piece() {
      for (int from : starts) {
        int to = letters.endOf(from);
        if (to - from >= LONG_WORD || begins(letters, from)) return new Piece(from, to, true);
      }
      if (letters.count < 4 && begins(letters, 0)) return new Piece(0, letters.count, true);
      int longest = -1;
      int length = LONG_WORD - 1;
      for (int from = 0, to; from < letters.count; from = to) {
        to = letters.wordEnd(from);
        if (to - from <= length || letters.wrongsIn(from, to) > MOST_WRONG || letters.isMixed(from, to)) continue;
        longest = from;
        length = to - from;
      }
      if (longest >= 0) return new Piece(longest, letters.endOf(longest), false);
      boolean isLong = letters.count >= LONG_TEXT && letters.digitsIn(0, letters.count) * DIGITS >= letters.count;
      return isLong ? new Piece(0, letters.count, false) : null;
    }

    /** The group of eight that is wrong, from 1; 0 if it cannot be told. */
    private int group(Piece piece) {
      int wrong = letters.wrongIn(piece.from(), piece.to());
      if (wrong >= 0) return (wrong - piece.from()) / GROUP + 1;
      int count = piece.to() - piece.from();
      if (piece.known() && count >= HEAD_LENGTH && !begins(letters, piece.from())) return 1;
      int words = 0;
      int odd = 0;
      int first = 0;
      for (int at = piece.from(), end; at < piece.to(); at = end) {
        end = Math.min(letters.wordEnd(at), piece.to());
        if (end == piece.to() && count < CODE_LENGTH) break; // the last may be on its way still
        words++;
        if (end - at != GROUP && odd++ == 0) first = words;
      }
      return odd <= 2 && words - odd >= 2 ? first : 0;
    }
  }

  /** The verdict on a code of another version, product or keyring; null if its signature is to be checked. */
  private Kind refuse(byte[] code) {
    if ((code[0] & 0xfc) != 0x10) return Kind.UNSUPPORTED_VERSION;
    if (!Arrays.equals(code, 2, 5, productTag, 0, 3)) return Kind.WRONG_PRODUCT;
    return keys.containsKey(code[1] & 255) ? null : Kind.UNKNOWN_KEY;
  }

  private boolean isGenuine(byte[] code) {
    VerifyingKey key = keys.get(code[1] & 255);
    byte[] signed = ByteBuffer.allocate(signedPrefix.length + 34).put(signedPrefix).put(code, 0, 34).array();
    return key.test() == ((code[0] & TEST_FLAG) != 0)
        && verifyStrict(signed, Arrays.copyOfRange(code, 34, 98), key.parsed());
  }

  /** Of each license the code of the highest revision, the first of the same. */
  private static Collection<Genuine> newestOfEach(Collection<Genuine> codes) {
    Map<String, Genuine> newest = new LinkedHashMap<>();
    for (Genuine code : codes) {
      String license = (code.bytes()[0] & TEST_FLAG) + HexFormat.of().formatHex(code.bytes(), 5, 21);
      newest.merge(license, code, (held, other) -> revision(other) > revision(held) ? other : held);
    }
    return newest.values();
  }

  private static int revision(Genuine code) {
    return ByteBuffer.wrap(code.bytes()).getChar(21);
  }

  private static byte[] unarmor(String code) {
    byte[] bytes = new byte[100];
    for (int i = 0, bits = 0, held = 0; i < CODE_LENGTH; i++) {
      held = held << 5 | VALUES[code.charAt(i)];
      bits += 5;
      if (bits % 8 < 5) bytes[bits / 8 - 1] = (byte) (held >> bits % 8);
    }
    return bytes;
  }

  private static String textOf(byte[] values, int from, int to) {
    StringBuilder text = new StringBuilder(to - from);
    for (int i = from; i < to; i++) text.append(ALPHABET.charAt(values[i]));
    return text.toString();
  }

  private static byte[] valuesOf(BigInteger number, int length) {
    byte[] values = new byte[length];
    for (int i = 0; i < length; i++) values[i] = (byte) (number.shiftRight(5 * (length - 1 - i)).intValue() & 31);
    return values;
  }

  /** A wrong character has a bit that no other has. */
  private static int packed(byte[] values, int at, int length) {
    int bits = 0;
    for (int i = at; i < at + length; i++) bits = bits << 6 | values[i];
    return bits;
  }

  // ---- Letters: the characters of a text that may be of a code.

  /** The value of a character that is in no code, but may stand in the place of one that is. */
  private static final byte WRONG = 32;
  private static final byte NOTHING = 33;
  private static final byte ESCAPE = 34;
  private static final byte EDGE_GAP = 1;
  private static final byte EDGE_WRONG = 2;
  private static final byte EDGE_PARAGRAPH = 4;
  /** Behind the 3D with which a word begins: rewritten links have -3D or *3D in the place of an equals sign. */
  private static final byte EDGE_EQUALS = 8;
  /** A head of the reader begins. */
  private static final byte EDGE_HEAD = 16;

  /** What each character of ASCII is read as. */
  private static final byte[] VALUES = makeValues();

  private static byte[] makeValues() {
    byte[] values = new byte[128];
    for (int c = 0; c < values.length; c++) {
      char upper = (char) (isLetter(c) ? c & ~0x20 : c);
      int value = "IL".indexOf(upper) >= 0 ? 1 : upper == 'O' ? 0 : ALPHABET.indexOf(upper);
      int other = upper == 'U' ? WRONG : "%=&<\\".indexOf(upper) >= 0 ? ESCAPE : NOTHING;
      values[c] = (byte) (value >= 0 ? value : other);
    }
    return values;
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(int c) {
    return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
  }

  private static boolean isLineBreak(int c) {
    return c >= '\n' && c <= '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
  }

  /** What a text is read as. */
  private static final class Letters {
    private int count;
    /** 0 to 31, or WRONG. */
    private byte[] values;
    /** The code point that each was read from, */
    private int[] points;
    /** and where that stands in the text, from 1. */
    private int[] positions;
    /** What stands before each, and behind the last; 0 within a word. */
    private byte[] edges;
    private byte edge = EDGE_GAP;
    private int lineBreaks;

    Letters(int[] text) {
      resize(text.length);
      Escapes escapes = new Escapes(text);
      for (int i = 0; i < text.length; ) {
        int end = escapes.endAt(i);
        if (end > 0 && escapes.stands < 0) edge = EDGE_GAP;
        else if (end > 0) putPoint(escapes.stands, i + 1);
        else {
          if (isLineBreak(text[i]) && !(text[i] == '\n' && i > 0 && text[i - 1] == '\r')) lineBreaks++;
          putPoint(text[i], i + 1);
          end = i + 1;
        }
        i = end;
      }
      edges[count] = EDGE_GAP;
    }

    private void resize(int size) {
      boolean isNew = values == null;
      values = isNew ? new byte[size] : Arrays.copyOf(values, size);
      points = isNew ? new int[size] : Arrays.copyOf(points, size);
      positions = isNew ? new int[size] : Arrays.copyOf(positions, size);
      edges = isNew ? new byte[size + 1] : Arrays.copyOf(edges, size + 1);
    }

    private void putPoint(int point, int position) {
      if (point < 128) {
        if (VALUES[point] > WRONG) edge = EDGE_GAP;
        else put(VALUES[point], point, position);
        return;
      }
      byte[] read = Fold.read(point);
      if (read.length == 0) edge = EDGE_GAP;
      for (byte value : read) put(value, point, position);
    }

    private void put(byte value, int point, int position) {
      if (count == values.length) resize(2 * count);
      if (edge == 0 && isBehindEquals()) edge = EDGE_EQUALS;
      if (value == WRONG || count > 0 && values[count - 1] == WRONG) edge |= EDGE_WRONG;
      if (lineBreaks > 1) edge |= EDGE_PARAGRAPH;
      values[count] = value;
      points[count] = point;
      positions[count] = position;
      edges[count++] = edge;
      edge = 0;
      lineBreaks = 0;
    }

    private boolean isBehindEquals() {
      return count > 1 && values[count - 2] == 3 && values[count - 1] == 13 && edges[count - 1] == 0
          && (edges[count - 2] & EDGE_GAP) != 0;
    }

    /** The codes in order, each once, and the places where they begin. */
    Map<String, List<Integer>> wholeCodes() {
      Map<String, List<Integer>> codes = new LinkedHashMap<>();
      if (count < CODE_LENGTH) return codes;
      char[] registers = new char[count + 1];
      int[] wrongs = new int[count + 1];
      for (int i = 0; i < count; i++) {
        boolean wrong = values[i] == WRONG;
        registers[i + 1] = (char) CheckDigits.step(registers[i], wrong ? 0 : values[i]);
        wrongs[i + 1] = wrongs[i] + (wrong ? 1 : 0);
      }
      for (int start = 0; start + CODE_LENGTH <= count; start++) {
        if (edges[start] == 0) continue;
        int end = start;
        while (end + CODE_LENGTH <= count && wrongs[end] == wrongs[end + CODE_LENGTH]
            && registers[end + CODE_LENGTH] == CheckDigits.overCode(registers[end] ^ CheckDigits.INITIAL)) {
          end += CODE_LENGTH;
          if (edges[end] != 0) break;
        }
        if (edges[end] == 0 && (edges[start] & EDGE_HEAD) == 0) continue;
        for (int at = start; at < end; at += CODE_LENGTH) {
          codes.computeIfAbsent(textOf(values, at, at + CODE_LENGTH), code -> new ArrayList<>()).add(at);
        }
      }
      return codes;
    }

    /** An edge at the length of a code, or one off; else where prose begins. */
    int endOf(int from) {
      int near = proseAfter(from, CODE_LENGTH + 1);
      for (int length : LENGTHS) {
        if (from + length <= near && edges[from + length] != 0) return from + length;
      }
      return proseAfter(from, count);
    }

    /** Where prose begins, or the end of the word that makes it enough characters. */
    private int proseAfter(int from, int enough) {
      int end = wordEnd(from);
      int last = end - from;
      while (end - from < enough && end < count && (edges[end] & EDGE_PARAGRAPH) == 0) {
        int next = wordEnd(end);
        if (isProse(end, next, last) || wrongsIn(end, next) > MOST_WRONG) break;
        last = next - end;
        end = next;
      }
      return end;
    }

    /** A short word behind a longer one, or a word without digits that is no group like the last one. */
    private boolean isProse(int from, int to, int last) {
      int length = to - from;
      boolean isLast = to == count;
      if (length < SHORT_WORD && last >= SHORT_WORD && !isLast) return true;
      // The last may be on its way still.
      if (Math.abs(length - last) <= 1 || isLast && length < last && last < LONG_WORD) return false;
      return digitsIn(from, to) == 0;
    }

    /** How many were read from digits. */
    long digitsIn(int from, int to) {
      return Arrays.stream(points, from, to).filter(LicenseReader::isDigit).count();
    }

    /** Upper and lower case in one word, as in base64 and in links. I, l and O are typed for 1 and 0. */
    boolean isMixed(int from, int to) {
      boolean lower = false;
      boolean upper = false;
      for (int at = from; at < to; at++) {
        lower |= "abcdefghjkmnpqrstuvwxyz".indexOf(points[at]) >= 0;
        upper |= "ABCDEFGHJKMNPQRSTUVWXYZ".indexOf(points[at]) >= 0;
      }
      return lower && upper;
    }

    /** The first gap behind a place: a wrong character ends no word. */
    int wordEnd(int from) {
      int end = from + 1;
      while (end < count && (edges[end] & EDGE_GAP) == 0) end++;
      return end;
    }

    int wrongsIn(int from, int to) {
      int wrongs = 0;
      for (int at = from; at < to; at++) if (values[at] == WRONG) wrongs++;
      return wrongs;
    }

    /** Where the first wrong one stands, or -1. */
    int wrongIn(int from, int to) {
      for (int at = from; at < to; at++) if (values[at] == WRONG) return at;
      return -1;
    }
  }

  /** What stands for a character, or for nothing, in a text that a program wrote: URL, mail, HTML, JSON. */
  private static final class Escapes {
    private final int[] text;
    /** The code point that the last one found stands for; -1 for nothing. */
    private int stands;

    Escapes(int[] text) {
      this.text = text;
    }

    /** Where the escape that begins at a place ends; 0 if none does. */
    int endAt(int i) {
      int point = text[i];
      if (point < 128 && VALUES[point] != ESCAPE) return 0;
      stands = -1;
      return switch (point) {
        case '%' -> percent(i);
        case '=' -> quotedPrintable(i);
        case '&' -> entity(i);
        case '<' -> tag(i);
        case '\\' -> backslash(i);
        // UTF-8 that was read as Latin-1 or Windows-1252:
        case 0xc2 -> at(i + 1) == ' ' || isIn(at(i + 1), 0x80, 0xbf) ? i + 2 : 0;
        case 0xe2 -> (at(i + 1) == 0x80 || at(i + 1) == 0x20ac) && isIn(at(i + 2), 0x80, 0x2122) ? i + 3 : 0;
        case 0xef -> at(i + 1) == 0xbb && at(i + 2) == 0xbf ? i + 3 : 0;
        default -> 0;
      };
    }

    private static boolean isIn(int point, int first, int last) {
      return point >= first && point <= last;
    }

    /** -1 beyond the end, which compares to nothing. */
    private int at(int i) {
      return i < text.length ? text[i] : -1;
    }

    /** -1 for what is no hex digit. */
    private int hexAt(int i) {
      int c = at(i);
      if (isDigit(c)) return c - '0';
      return isIn(c | 0x20, 'a', 'f') && isLetter(c) ? (c | 0x20) - 'a' + 10 : -1;
    }

    private boolean isAt(int from, String word) {
      for (int i = 0; i < word.length(); i++) if (at(from + i) != word.charAt(i)) return false;
      return true;
    }

    /** How often a word stands from a place on, 4 times at most. */
    private int repeats(int from, String word) {
      int times = 0;
      while (times < 4 && isAt(from + times * word.length(), word)) times++;
      return times;
    }

    private static int scalar(int point) {
      return point > 0x10ffff || isIn(point, 0xd800, 0xdfff) ? -1 : point;
    }

    private int percent(int i) {
      for (int times = repeats(i + 1, "25"); times >= 0; times--) {
        int from = i + 1 + 2 * times;
        int high = hexAt(from);
        int low = hexAt(from + 1);
        if (high < 0 || low < 0) continue;
        stands = high < 8 ? high << 4 | low : -1;
        return from + 2;
      }
      return 0;
    }

    /** RFC 2045, 6.7. {@code =2x} is none but at a line's end, as a link may have the code behind it. */
    private int quotedPrintable(int i) {
      int high = hexAt(i + 1);
      int low = hexAt(i + 2);
      if (low < 0) return 0;
      if (high >= 8 || high == 3 && low == 13 || high == 0 && (low == 10 || low == 13)) return i + 3;
      boolean isSpace = high == 2 && low == 0 || high == 0 && low == 9;
      int next = at(i + 3);
      return isSpace && (next == '\r' || next == '\n' || next == '=' || next < 0) ? i + 3 : 0;
    }

    private int entity(int i) {
      for (int times = repeats(i + 1, "amp;"); times >= 0; times--) {
        int end = oneEntity(i + 1 + 4 * times);
        if (end > 0) return end;
      }
      return 0;
    }

    /** From what stands behind {@code &}. */
    private int oneEntity(int start) {
      if (at(start) != '#') {
        int i = start;
        while (i < start + 32 && (isLetter(at(i)) || i > start && isDigit(at(i)))) i++;
        if (i >= start + 2 && at(i) == ';') return i + 1;
        // HTML allows these without a semicolon.
        return isAt(start, "shy") ? start + 3 : isAt(start, "nbsp") ? start + 4 : 0;
      }
      boolean hex = (at(start + 1) | 0x20) == 'x';
      int from = hex ? start + 2 : start + 1;
      int base = hex ? 16 : 10;
      int point = 0;
      int i = from;
      for (; i < from + (hex ? 6 : 7) && hexAt(i) >= 0 && hexAt(i) < base; i++) point = point * base + hexAt(i);
      if (i == from || at(i) != ';') return 0;
      stands = scalar(point);
      return i + 1;
    }

    /** Shorter than a code, so that none is passed over with it. */
    private int tag(int i) {
      int from = at(i + 1) == '/' ? i + 2 : i + 1;
      if (!isLetter(at(from))) return 0;
      for (int end = from + 1; end <= from + 159; end++) {
        if (at(end) == '>') return end + 1;
        if (at(end) == '<' || at(end) < 0) return 0;
      }
      return 0;
    }

    private int backslash(int i) {
      // RTF; not \\'20, as a quoted code begins with it.
      if (isAt(i + 1, "par") && !isIn(at(i + 4), 'a', 'z')) return i + 4;
      if (isAt(i + 1, "line") && !isIn(at(i + 5), 'a', 'z')) return i + 5;
      if (at(i + 1) == '\'' && hexAt(i + 2) >= 8 && hexAt(i + 3) >= 0) return i + 4;
      if (at(i + 1) == 'n' || at(i + 1) == 'r' || at(i + 1) == 't') return i + 2;
      if (at(i + 1) != 'u') return 0;
      int point = 0;
      for (int digit = i + 2; digit < i + 6; digit++) {
        if (hexAt(digit) < 0) return 0;
        point = point << 4 | hexAt(digit);
      }
      stands = scalar(point);
      return i + 6;
    }
  }

  // ---- Repair: check digits sift, the signature decides.

  /**
   * The check digits of 160 characters without their bytes. A CRC over all of a code leaves 0, and it is linear: each
   * character at each place adds a number of its own (XOR), so what is left over tells which single slips to try.
   */
  private static final class CheckDigits {
    static final int INITIAL = 0xffff;
    /** What the five top bits of the register become. */
    private static final int[] TABLE = new int[32];
    /** What each bit of the register becomes over the length of a code. */
    private static final int[] OVER_CODE = new int[16];
    static final int[][] WEIGHTS = new int[CODE_LENGTH][32];
    /** What the initial register adds. */
    static final int START;

    static {
      for (int bits = 0; bits < 32; bits++) {
        int register = bits << 11;
        for (int i = 0; i < 5; i++) register = register << 1 ^ ((register & 0x8000) != 0 ? 0x11021 : 0);
        TABLE[bits] = register;
      }
      for (int value = 0; value < 32; value++) {
        int weight = step(0, value);
        for (int place = CODE_LENGTH - 1; place >= 0; place--, weight = step(weight, 0)) WEIGHTS[place][value] = weight;
      }
      for (int bit = 0; bit < 16; bit++) {
        int register = 1 << bit;
        for (int i = 0; i < CODE_LENGTH; i++) register = step(register, 0);
        OVER_CODE[bit] = register;
      }
      START = overCode(INITIAL);
    }

    /** The register of CRC-16/CCITT-FALSE after one more character of 5 bits. */
    static int step(int register, int value) {
      return register << 5 & 0xffff ^ TABLE[register >> 11 ^ value];
    }

    static int overCode(int register) {
      int moved = 0;
      for (int bit = 0; bit < 16; bit++) if ((register >> bit & 1) != 0) moved ^= OVER_CODE[bit];
      return moved;
    }

    /** A wrong character adds nothing, nor does what is outside of a code. */
    static int weightAt(byte[] values, int at, int place) {
      return at >= values.length || values[at] == WRONG || place >= CODE_LENGTH ? 0 : WEIGHTS[place][values[at]];
    }
  }

  /** {@code cut} characters at a place are replaced by {@code put}. */
  private record Change(Slip slip, int place, int cut, String put) {}

  /** Each change that makes the check digits fit. */
  private static List<Change> changes(byte[] values) {
    int wrong = -1;
    for (int at = 0; at < values.length; at++) {
      if (values[at] != WRONG) continue;
      if (wrong >= 0) return List.of();
      wrong = at;
    }
    List<Change> changes = new ArrayList<>();
    if (values.length == CODE_LENGTH) substitute(changes, values, wrong);
    if (values.length == CODE_LENGTH && wrong < 0) swap(changes, values);
    if (values.length < CODE_LENGTH && wrong < 0) putIn(changes, values);
    if (values.length > CODE_LENGTH) leaveOut(changes, values, wrong);
    return changes;
  }

  /** 0 where the check digits fit. */
  private static int remainder(byte[] values) {
    int rest = CheckDigits.START;
    for (int place = 0; place < values.length; place++) rest ^= CheckDigits.weightAt(values, place, place);
    return rest;
  }

  private static void substitute(List<Change> changes, byte[] values, int wrong) {
    int rest = remainder(values);
    for (int place = Math.max(wrong, 0); place < CODE_LENGTH; place++) {
      int without = rest ^ CheckDigits.weightAt(values, place, place);
      for (int value = 0; value < 32; value++) {
        if (value != values[place] && CheckDigits.WEIGHTS[place][value] == without) {
          changes.add(new Change(Slip.SUBSTITUTION, place, 1, textOf(new byte[] {(byte) value}, 0, 1)));
        }
      }
      if (wrong >= 0) return;
    }
  }

  private static void swap(List<Change> changes, byte[] values) {
    int rest = remainder(values);
    for (int place = 0; place + 1 < CODE_LENGTH; place++) {
      byte a = values[place];
      byte b = values[place + 1];
      int[] here = CheckDigits.WEIGHTS[place];
      int[] next = CheckDigits.WEIGHTS[place + 1];
      if (a == b || (here[a] ^ next[b] ^ here[b] ^ next[a]) != rest) continue;
      changes.add(new Change(Slip.SWAP, place, 2, textOf(new byte[] {b, a}, 0, 2)));
    }
  }

  private static void putIn(List<Change> changes, byte[] values) {
    int rest = CheckDigits.START;
    for (int at = 0; at < values.length; at++) rest ^= CheckDigits.weightAt(values, at, at + 1);
    for (int place = 0; place < CODE_LENGTH; place++) {
      for (int value = 0; value < 32; value++) {
        // Behind its like it would be the same code again.
        if (CheckDigits.WEIGHTS[place][value] == rest && (place == 0 || values[place - 1] != value)) {
          changes.add(new Change(Slip.OMISSION, place, 0, textOf(new byte[] {(byte) value}, 0, 1)));
        }
      }
      rest ^= CheckDigits.weightAt(values, place, place + 1) ^ CheckDigits.weightAt(values, place, place);
    }
  }

  private static void leaveOut(List<Change> changes, byte[] values, int wrong) {
    int rest = CheckDigits.START;
    for (int at = 1; at < values.length; at++) rest ^= CheckDigits.weightAt(values, at, at - 1);
    for (int place = 0; place < values.length; place++) {
      boolean may = wrong < 0 ? place == 0 || values[place - 1] != values[place] : wrong == place;
      if (may && rest == 0) changes.add(new Change(Slip.INSERTION, place, 1, ""));
      rest ^= CheckDigits.weightAt(values, place + 1, place) ^ CheckDigits.weightAt(values, place, place);
    }
  }

  // ---- Say: what is wrong with a text that holds no code.

  /** A stretch of letters that is meant to be a code; known, if it begins as one of this product, but for a slip. */
  private record Piece(int from, int to, boolean known) {}

  /** Characters of a word that can be part of a code and hardly of a language, */
  private static final int LONG_WORD = 20;
  /** and of a text with many digits: */
  private static final int LONG_TEXT = 40;
  /** at least every fifth was read from one. */
  private static final int DIGITS = 5;
  /** Shorter words behind longer ones are prose. */
  private static final int SHORT_WORD = 4;
  private static final int MOST_WRONG = 2;

  /** What a text is, as far as a person would know it. */
  private static Seen seenIn(String text) {
    List<String> words = Arrays.stream(text.split("[\\t-\\r ]+")).filter(word -> !word.isEmpty()).toList();
    int fewest = words.size() == 1 ? 4 : 9;
    boolean address = false;
    for (String word : words) {
      if (word.codePointCount(0, word.length()) > 200) continue;
      int from = 0;
      int to = word.length();
      while (from < to && !isKept(word.charAt(from))) from++;
      while (from < to && !isKept(word.charAt(to - 1))) to--;
      String bare = word.substring(from, to);
      if (isOrderNumber(bare, fewest)) return Seen.ORDER_NUMBER;
      address |= isAddress(bare);
    }
    return address ? Seen.E_MAIL_ADDRESS : text.contains("://") ? Seen.LINK : Seen.TEXT;
  }

  private static boolean isKept(char c) {
    return isDigit(c) || isLetter(c);
  }

  /** 2026-11-21, 21-11-2026, or a license id. */
  private static final Predicate<String> IS_DAY_OR_ID = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}"
      + "|[0-9]{2}-[0-9]{2}-[0-9]{4}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}").asMatchPredicate();

  private static boolean isOrderNumber(String word, int fewest) {
    return !IS_DAY_OR_ID.test(word) && word.length() >= 4 && word.length() <= 40
        && word.chars().allMatch(c -> isDigit(c) || isLetter(c) || c == '-')
        && word.chars().filter(LicenseReader::isDigit).count() >= fewest;
  }

  /** Exactly one @, something before it, and behind it something, a full stop and something. */
  private static boolean isAddress(String word) {
    int at = word.indexOf('@');
    int dot = word.indexOf('.', at + 2);
    return at > 0 && word.indexOf('@', at + 1) < 0 && dot > 0 && dot < word.length() - 1;
  }

  // ---- Signatures.

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

  // ---- What each character beyond ASCII is read as: the rows of the fold table, whatever Unicode the JDK has.

  private static final class Fold {
    private static final byte[] FOREIGN = {WRONG};
    private static final List<Integer> FIRST = new ArrayList<>();
    private static final List<Integer> LAST = new ArrayList<>();
    private static final List<String> TARGET = new ArrayList<>();

    /** First and last code point in hex, and what they are read as; with a +, the last letter rises with them. */
    private static final String ROWS = """
        <fold-rows>
        80-A9: AA:A AB-B1: B2-B3:2+ B4: B6-B8: B9:1 BA:O BB: BC:14 BD:12 BE:34 BF: D7:
        DF:SS F7: 131:I 132-133:IJ 13F-140:L 17F:S 1C7-1C9:LJ 1CA-1CC:NJ 1F1-1F3:DZ
        2B0:H 2B2:J 2B3:R 2B7:W 2B8:Y 2E1:L 2E2:S 2E3:X 34F: 58A: 5BE: 61C: 115F-1160:
        1400: 1680: 17B4-17B5: 1806: 180B-180F: 1D2C:A 1D2E:B 1D30-1D31:D+
        1D33-1D3A:G+ 1D3C:O 1D3E:P 1D3F:R 1D40-1D41:T+ 1D42:W 1D43:A 1D47:B
        1D48-1D49:D+ 1D4D:G 1D4F:K 1D50:M 1D52:O 1D56:P 1D57-1D58:T+ 1D5B:V 1D62:I
        1D63:R 1D64-1D65:U+ 1D9C:C 1DA0:F 1DBB:Z 2000-206F: 2070:0 2071:I 2074-2079:4+
        207B: 207F:N 2080-2089:0+ 208B: 2090:A 2091:E 2092:O 2093:X 2095:H
        2096-2099:K+ 209A:P 209B-209C:S+ 20A0-20A7: 20A8:RS 20A9-20CF: 2100:AC 2101:AS
        2102-2103:C 2105:CO 2109-210B:F+ 210C-210E:H 2110-2111:I 2112-2113:L 2115:N
        2116:NO 2119-211B:P+ 211C-211D:R 2120:SM 2121:TEL 2122:TM 2124:Z 2128:Z 212A:K
        212C-212D:B+ 212F-2130:E 2131:F 2133:M 2134:O 2139:I 213B:FAX 2145-2146:D
        2147:E 2148-2149:I+ 2150:17 2151:19 2152:110 2153:13 2154:23 2155:15 2156:25
        2157:35 2158:45 2159:16 215A:56 215B:18 215C:38 215D:58 215E:78 215F:1 2160:I
        2161:II 2162:III 2163:IV 2164:V 2165:VI 2166:VII 2167:VIII 2168:IX 2169:X
        216A:XI 216B:XII 216C:L 216D-216E:C+ 216F:M 2170:I 2171:II 2172:III 2173:IV
        2174:V 2175:VI 2176:VII 2177:VIII 2178:IX 2179:X 217A:XI 217B:XII 217C:L
        217D-217E:C+ 217F:M 2190-245F: 2460-2468:1+ 2469-2472:10+ 2473:20 2474-247C:1+
        247D-2486:10+ 2487:20 2488-2490:1+ 2491-249A:10+ 249B:20 249C-24B5:A+
        24B6-24CF:A+ 24D0-24E9:A+ 24EA:0 24EB-2BFF: 2C7C:J 2C7D:V 2E00-2E2E:
        2E30-2E7F: 3000-3004: 3008-3020: 3030: 3036-3037: 303D-303F: 30A0: 3164:
        3250:PTE 3251-3259:21+ 325A-325F:30+ 32B1-32B4:36+ 32B5-32BE:40+ 32BF:50
        32CC:HG 32CD:ERG 32CE:EV 32CF:LTD 3371:HPA 3372:DA 3374:BAR 3375:OV 3376:PC
        3377:DM 3378-3379:DM2+ 3380:PA 3381:NA 3383:MA 3384-3385:KA+ 3386:MB 3387:GB
        3388:CAL 3389:KCAL 338A:PF 338B:NF 338E:MG 338F:KG 3390:HZ 3391:KHZ 3392:MHZ
        3393:GHZ 3394:THZ 3396:ML 3397:DL 3398:KL 3399:FM 339A:NM 339C:MM 339D:CM
        339E:KM 339F:MM2 33A0:CM2 33A1:M2 33A2:KM2 33A3:MM3 33A4:CM3 33A5:M3 33A6:KM3
        33A7:MS 33A8:MS2 33A9:PA 33AA:KPA 33AB:MPA 33AC:GPA 33AD:RAD 33AE:RADS
        33AF:RADS2 33B0:PS 33B1:NS 33B3:MS 33B4:PV 33B5:NV 33B7:MV 33B8:KV 33B9:MV
        33BA:PW 33BB:NW 33BD:MW 33BE:KW 33BF:MW 33C2:AM 33C3:BQ 33C4-33C5:CC+ 33C6:CKG
        33C7:CO 33C8:DB 33C9:GY 33CA:HA 33CB:HP 33CC:IN 33CD:KK 33CE:KM 33CF:KT
        33D0-33D1:LM+ 33D2:LOG 33D3:LX 33D4:MB 33D5:MIL 33D6:MOL 33D7:PH 33D8:PM
        33D9:PPM 33DA:PR 33DB:SR 33DC:SV 33DD:WB 33DE:VM 33DF:AM 33FF:GAL A7F1:S
        A7F2:C A7F3:F A7F4:Q FB00:FF FB01:FI FB02:FL FB03:FFI FB04:FFL FB05-FB06:ST
        FE00-FE1F: FE30-FE6F: FEFF: FF01-FF0F: FF10-FF19:0+ FF1A-FF20: FF21-FF3A:A+
        FF3B-FF40: FF41-FF5A:A+ FF5B-FF65: FFA0: FFE0-FFFD: 107A5:Q 10D6E: 10EAD:
        1BCA0-1BCA3: 1CCD6-1CCEF:A+ 1CCF0-1CCF9:0+ 1D173-1D17A: 1D400-1D419:A+
        1D41A-1D433:A+ 1D434-1D44D:A+ 1D44E-1D454:A+ 1D456-1D467:I+ 1D468-1D481:A+
        1D482-1D49B:A+ 1D49C:A 1D49E-1D49F:C+ 1D4A2:G 1D4A5-1D4A6:J+ 1D4A9-1D4AC:N+
        1D4AE-1D4B5:S+ 1D4B6-1D4B9:A+ 1D4BB:F 1D4BD-1D4C3:H+ 1D4C5-1D4CF:P+
        1D4D0-1D4E9:A+ 1D4EA-1D503:A+ 1D504-1D505:A+ 1D507-1D50A:D+ 1D50D-1D514:J+
        1D516-1D51C:S+ 1D51E-1D537:A+ 1D538-1D539:A+ 1D53B-1D53E:D+ 1D540-1D544:I+
        1D546:O 1D54A-1D550:S+ 1D552-1D56B:A+ 1D56C-1D585:A+ 1D586-1D59F:A+
        1D5A0-1D5B9:A+ 1D5BA-1D5D3:A+ 1D5D4-1D5ED:A+ 1D5EE-1D607:A+ 1D608-1D621:A+
        1D622-1D63B:A+ 1D63C-1D655:A+ 1D656-1D66F:A+ 1D670-1D689:A+ 1D68A-1D6A3:A+
        1D6A4:I 1D7CE-1D7D7:0+ 1D7D8-1D7E1:0+ 1D7E2-1D7EB:0+ 1D7EC-1D7F5:0+
        1D7F6-1D7FF:0+ 1F000-1F0FF: 1F100-1F101:0 1F102-1F10A:1+ 1F10B-1F10F:
        1F110-1F129:A+ 1F12A:S 1F12B:C 1F12C:R 1F12D:CD 1F12E:WZ 1F12F: 1F130-1F149:A+
        1F14A:HV 1F14B:MV 1F14C:SD 1F14D:SS 1F14E:PPV 1F14F:WC 1F150-1F169:
        1F16A-1F16B:MC+ 1F16C:MR 1F16D-1F18F: 1F190:DJ 1F191-1FAFF: 1FBF0-1FBF9:0+
        E0000-E0FFF:
        </fold-rows>
        """;

    static {
      for (String field : ROWS.split("\\s+")) {
        int colon = field.indexOf(':');
        if (colon < 0) continue;
        String[] ends = field.substring(0, colon).split("-");
        FIRST.add(Integer.valueOf(ends[0], 16));
        LAST.add(Integer.valueOf(ends[ends.length - 1], 16));
        TARGET.add(field.substring(colon + 1));
      }
    }

    /** The values of a code point; one WRONG for a wrong character. */
    static byte[] read(int point) {
      int found = Collections.binarySearch(FIRST, point);
      int row = found >= 0 ? found : -found - 2;
      if (row < 0 || point > LAST.get(row)) return FOREIGN;
      String target = TARGET.get(row);
      boolean rises = target.endsWith("+");
      byte[] values = new byte[target.length() - (rises ? 1 : 0)];
      for (int i = 0; i < values.length; i++) {
        int letter = target.charAt(i) + (rises && i == values.length - 1 ? point - FIRST.get(row) : 0);
        values[i] = VALUES[letter];
        if (values[i] == WRONG) return FOREIGN;
      }
      return values;
    }
  }
}
