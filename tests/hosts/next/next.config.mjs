/** The configuration of the site that Next.js serves to try the figures in. */
export default { trailingSlash: true };
