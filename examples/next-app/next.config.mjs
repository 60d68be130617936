/** sigbox starts processes from its own files, so it is loaded from node_modules instead of being bundled. */
export default { serverExternalPackages: ['sigbox'] };
