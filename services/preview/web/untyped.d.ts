// The file behind the package's main entry, which has no types of its own.
declare module 'react-custom-scrollbars-2/lib/index.js' {
  export { Scrollbars as default } from 'react-custom-scrollbars-2';
}

// esbuild takes a stylesheet into the bundle.
declare module '*.css';
