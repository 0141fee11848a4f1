/**
 * Loaded into every process and thread of `npm run test:stalls`: the event loop stands still at random moments, mostly for
 * less than 60 ms, once in ten times for up to 400 ms, as on a machine that has other work.
 */
const BETWEEN = 200;
const SHORT = 60;
const LONG = 400;

function stallAgain() {
  const timer = setTimeout(() => {
    const length = (Math.random() < 0.1 ? LONG : SHORT) * Math.random();
    for (const end = performance.now() + length; performance.now() < end; );
    stallAgain();
  }, BETWEEN * Math.random());
  timer.unref();
}

stallAgain();
