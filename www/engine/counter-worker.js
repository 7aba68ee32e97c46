/** Owns a number: whoever sends something to add gets back the sum. Knows nothing else. */
let value = 0;

self.addEventListener("message", ({ data }) => {
  value += data;
  postMessage(value);
});
