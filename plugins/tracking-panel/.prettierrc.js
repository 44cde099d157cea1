module.exports = {
  // Prettier configuration provided by Grafana scaffolding
  ...require('./.config/.prettierrc.js'),
  // One width in the whole repository: .prettierrc.json.
  printWidth: 110,
};
