import starlight from '@astrojs/starlight';
import { defineConfig, passthroughImageService } from 'astro/config';
import { cacheFolder, siteFolder } from './source/folders.ts';
import { navigation } from './source/navigation.ts';

export default defineConfig({
  outDir: siteFolder,
  cacheDir: cacheFolder,
  trailingSlash: 'always',
  image: { service: passthroughImageService() },
  integrations: [
    starlight({
      title: 'Plimsoll',
      description: 'The deployment ledger and gate for teams that ship containers without Kubernetes',
      sidebar: navigation(),
      customCss: ['./src/site.css'],
      components: { Head: './src/Head.astro' },
      // The words of the pages, not of a theme: no page says who wrote it, or when.
      lastUpdated: false,
      credits: false,
    }),
  ],
});
