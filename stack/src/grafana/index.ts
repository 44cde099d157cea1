export { REPO_ROOT } from '../paths';
export { bringContent } from './content';
export { CONTENTS } from './memory';
