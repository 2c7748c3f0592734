/** The colours of VS Code's own themes, as far as the panel uses them: what a window gives its webviews. */
export type ThemeName = 'dark' | 'light' | 'high-contrast';

interface Theme {
  /** Class of the webview's body. */
  readonly body: string;
  readonly background: string;
  readonly colours: Readonly<Record<string, string>>;
}

const FONT = {
  'font-family': "'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif",
  'font-size': '13px',
  'font-weight': 'normal',
};

export const THEMES: Readonly<Record<ThemeName, Theme>> = {
  dark: {
    body: 'vscode-dark',
    background: '#181818',
    colours: {
      ...FONT,
      foreground: '#cccccc',
      descriptionForeground: '#9d9d9d',
      errorForeground: '#f85149',
      'icon-foreground': '#cccccc',
      focusBorder: '#0078d4',
      'progressBar-background': '#0078d4',
      'charts-green': '#89d185',
      'charts-red': '#f14c4c',
      'list-errorForeground': '#f88070',
      'list-warningForeground': '#cca700',
      'list-hoverBackground': '#2a2d2e',
      'list-inactiveSelectionBackground': '#37373d',
      'toolbar-hoverBackground': '#5a5d5e50',
      'sideBarSectionHeader-border': '#2b2b2b',
      'panel-border': '#2b2b2b',
      'textLink-foreground': '#4daafc',
      'textLink-activeForeground': '#4daafc',
      'button-background': '#0078d4',
      'button-foreground': '#ffffff',
      'button-hoverBackground': '#026ec1',
      'button-border': '#ffffff12',
      'sideBar-background': '#181818',
    },
  },
  light: {
    body: 'vscode-light',
    background: '#f8f8f8',
    colours: {
      ...FONT,
      foreground: '#3b3b3b',
      descriptionForeground: '#3b3b3b',
      errorForeground: '#f85149',
      'icon-foreground': '#3b3b3b',
      focusBorder: '#005fb8',
      'progressBar-background': '#005fb8',
      'charts-green': '#388a34',
      'charts-red': '#e51400',
      'list-errorForeground': '#b01011',
      'list-warningForeground': '#855f00',
      'list-hoverBackground': '#f2f2f2',
      'list-inactiveSelectionBackground': '#e4e6f1',
      'toolbar-hoverBackground': '#b8b8b850',
      'sideBarSectionHeader-border': '#e5e5e5',
      'panel-border': '#e5e5e5',
      'textLink-foreground': '#005fb8',
      'textLink-activeForeground': '#005fb8',
      'button-background': '#005fb8',
      'button-foreground': '#ffffff',
      'button-hoverBackground': '#0258a8',
      'button-border': '#0000001a',
      'sideBar-background': '#f8f8f8',
    },
  },
  'high-contrast': {
    body: 'vscode-high-contrast',
    background: '#000000',
    colours: {
      ...FONT,
      foreground: '#ffffff',
      descriptionForeground: '#ffffffb3',
      errorForeground: '#f48771',
      'icon-foreground': '#ffffff',
      focusBorder: '#f38518',
      contrastBorder: '#6fc3df',
      'progressBar-background': '#6fc3df',
      'charts-green': '#89d185',
      'charts-red': '#f48771',
      'list-warningForeground': '#cca700',
      'list-hoverBackground': '#ffffff1a',
      'sideBarSectionHeader-border': '#6fc3df',
      'panel-border': '#6fc3df',
      'textLink-foreground': '#21a6ff',
      'textLink-activeForeground': '#21a6ff',
      'button-foreground': '#ffffff',
      'button-background': '#000000',
      'button-border': '#6fc3df',
      'sideBar-background': '#000000',
    },
  },
};
