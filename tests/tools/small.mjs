// small - a small site with the kinds of page that a course does not show: differences, editions, a page that
// failed, and the review of two versions. Must not know: what is looked for in them.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const rules = (line) => `---
title: 下井之前
summary: 先通风，再检测，后作业。
---
## 三步

${line}

| 看什么 | 要求 |
|---|---|
| 氧 | 19.5%～23.5% |

井口一直有人。
`;

// Makes them under `work` with the program `anjian`; the folders of site and review.
export function small(anjian, work) {
  const repo = path.join(work, 'repo');
  const env = { ...process.env, ANJIAN_DATA: top, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_AUTHOR_NAME: '编辑',
    GIT_AUTHOR_EMAIL: 'e@example.org', GIT_COMMITTER_NAME: '编辑', GIT_COMMITTER_EMAIL: 'e@example.org' };
  const run = (program, ...args) => {
    try {
      execFileSync(program, args, { cwd: work, env, stdio: 'ignore' });
    } catch (e) {
      if (e.status !== 1) throw e; // 1: a page has a slip, as it should
    }
  };
  const write = (name, text) => {
    fs.mkdirSync(path.dirname(path.join(repo, name)), { recursive: true });
    fs.writeFileSync(path.join(repo, name), text);
  };
  const commit = (subject, tag) => {
    run('git', '-C', repo, 'add', '.');
    run('git', '-C', repo, 'commit', '-q', '-m', subject, '-m', 'Change: substance\nReviewed-by: 审核组');
    run('git', '-C', repo, 'tag', tag);
  };
  write('site.yaml', 'title: 两版的小站\neditions: ["v*"]\n');
  write('pages/rules.md', rules('先通风十分钟，再检测。'));
  run('git', 'init', '-q', '-b', 'main', repo);
  commit('写下三步', 'v1');
  write('pages/rules.md', rules('先通风三十分钟，再检测，一直测到上来。'));
  write('cases/slip.md', '---\ntitle: 没写完的\ndate: 某天\n---\n正文。\n');
  commit('改成三十分钟', 'v2');
  run(anjian, '-q', 'build', repo, '--editions', '-o', path.join(work, 'small'));
  run(anjian, '-q', 'diff', 'v1..v2', repo, '-o', path.join(work, 'review'));
  return [path.join(work, 'small'), path.join(work, 'review')];
}
