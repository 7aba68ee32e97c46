/** Owns a number: a message is added to it, the answer is the sum. */
let value = 0;

self.addEventListener("message", ({ data }) => {
  value += data;
  postMessage(value);
});
