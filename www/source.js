/** What runs behind an element and changes its model: the contract between `lock-lab.js` and its sources, which are this page's threads (`live.js`) and a frame's (`reach/relay.js`). */

/** @typedef {import("./lock-lab.js").LockLab} LockLab @typedef {import("./model.js").Model} Model */
/** @typedef {import("./settings.js").Config} Config @typedef {import("./settings.js").Wrong} Wrong */
/** @typedef {import("./reach/isolation.js").Reason} Reason @typedef {import("./reach/limits.js").Limits} Limits */
/**
 * @typedef {object} Source
 * @property {() => Promise<void>} ready  resolves when a run can be begun, or it is known why not
 * @property {(limits?: Limits) => Promise<any>} run  the report
 * @property {() => Promise<any>} stop  the partial report
 * @property {(worker: number) => void} kill
 * @property {() => object | null} recording
 * @property {() => Promise<unknown>} leave  the element is not on the page now; resolves when nothing is run any more
 * @property {() => void} [adopted]  the element is in another document now; a source without it can't go there
 */
/**
 * @typedef {object} Mounting  what a source is opened with
 * @property {LockLab} element
 * @property {Model} model
 * @property {AbortSignal} signal  aborts when the source is let go: everything that it has begun ends with that
 * @property {string} folder  where the lab lies
 * @property {boolean} atHome  whether this page is the lab's own
 * @property {boolean} mayFrame  whether a frame has not been tried yet and could help
 * @property {Reason | null} unframed  why it is not in a frame that it needs
 * @property {(attribute: string) => string | null} read  an attribute as it is in force
 * @property {(patch: Config) => void} configure  as the reader wants it
 * @property {(check: (config: Config) => Wrong[]) => void} check  hands over what only the figure can tell to be wrong with its settings
 * @property {(way: {reframed: boolean, unframed: Reason | null}) => Promise<Source>} reopen  another source in this one's place: in a frame or without one
 */

export {};
