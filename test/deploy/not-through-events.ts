/** What the platform does in front of a function, and Mintmark's own server never sees: titles of tests in test/http. */
const OF_THE_PLATFORM = [
  // The platform reads a body whole before it calls.
  'the body of a delivery without a signature header is not read',
  'a body of 2 MiB is accepted, and one byte more gets 413',
  // Measures the event loop, in which the platform's stand-in works too.
  'while another program holds the lock a new order gets 503; afterwards the same order succeeds',
];

/** A function URL hands JSON over as text: bytes that are not UTF-8 are lost there. */
const OF_FUNCTION_URLS = [
  'a body that is not a batch, also one with two events members, gets 503 and is kept',
];

export function notThroughEvents(shape: string | undefined): readonly string[] {
  return shape === 'function-url' ? [...OF_THE_PLATFORM, ...OF_FUNCTION_URLS] : OF_THE_PLATFORM;
}
