import type {
  Menu as ElectronMenu,
  MenuItem as ElectronMenuItem,
  MenuItemConstructorOptions,
} from 'electron';
import { partial } from './partial.ts';

let applicationMenu: ElectronMenu | null = null;

/** Electron's `Menu`: kept and read, not shown, since a window of Chromium has no menu bar. Accelerators do nothing. */
export const Menu = Object.assign(
  function Menu() {
    return createMenu([]);
  },
  {
    buildFromTemplate: (template: (MenuItemConstructorOptions | ElectronMenuItem)[]) =>
      createMenu(template.map((options) => createItem(options as MenuItemConstructorOptions))),
    getApplicationMenu: () => applicationMenu,
    setApplicationMenu(menu: ElectronMenu | null) {
      applicationMenu = menu;
    },
  } satisfies Partial<typeof Electron.Menu>,
);

/** Electron's `MenuItem`. */
export function MenuItem(options: MenuItemConstructorOptions): ElectronMenuItem {
  return createItem(options);
}

function createMenu(items: ElectronMenuItem[]): ElectronMenu {
  return partial<ElectronMenu>('Menu', {
    items,
    append(item) {
      items.push(item);
    },
    getMenuItemById: (id) => items.find((item) => item.id === id) ?? null,
  });
}

function createItem(options: MenuItemConstructorOptions): ElectronMenuItem {
  const { click, submenu, type = submenu ? 'submenu' : 'normal' } = options;
  const item: ElectronMenuItem = partial<ElectronMenuItem>('MenuItem', {
    type,
    id: options.id ?? '',
    label: options.label ?? '',
    enabled: options.enabled ?? true,
    visible: options.visible ?? true,
    checked: options.checked ?? false,
    accelerator: options.accelerator ?? null,
    ...(submenu ? { submenu: Array.isArray(submenu) ? Menu.buildFromTemplate(submenu) : submenu } : {}),
    click: () => click?.(item, undefined, {}),
  });
  return item;
}
