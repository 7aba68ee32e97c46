/** Whether the machine runs on battery, if the browser tells. Asked once, so that no run waits for the answer. */

/** @typedef {{charging: boolean}} Battery */

/** @type {Battery | null} */
let battery = null;

// Some browsers have no such method, some refuse it to frames.
/** @type {{getBattery?: () => Promise<Battery>}} */ (navigator).getBattery?.().then((found) => (battery = found), () => {});

/** Undefined if unknown. @returns {boolean | undefined} */
export const onBattery = () => (battery ? !battery.charging : undefined);
