/** Whether the machine runs on its battery, where the browser tells. Asked for once and then listened to, so that no run waits for an answer. */

/** @typedef {{charging: boolean}} Battery  as far as it is asked */

/** @type {Battery | null} */
let battery = null;

// Some browsers tell nobody, some not a frame.
/** @type {{getBattery?: () => Promise<Battery>}} */ (navigator).getBattery?.().then((told) => (battery = told), () => {});

/** Undefined where it is not known. @returns {boolean | undefined} */
export const onBattery = () => (battery ? !battery.charging : undefined);
