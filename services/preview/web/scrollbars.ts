// @grafana/ui's ES modules import this CommonJS package's default, which esbuild then takes for the whole module, as Node
// does. Imported from here, the default is the component. build.mjs puts this file in its place.
import Scrollbars from 'react-custom-scrollbars-2/lib/index.js';

export default Scrollbars;
export { Scrollbars };
