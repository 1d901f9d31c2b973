#!/usr/bin/env node
await import('../src/run.ts');
