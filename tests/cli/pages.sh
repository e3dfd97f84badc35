# shellcheck shell=sh
# pages - small sites for the command tests. Sourced after lib.sh.

# bare_site DIR: Markdown as somebody's folder has it: no site.yaml, no front matter, Chinese names.
bare_site() {
    mkdir -p "$1/车间/罐区/检修" "$1/guide"
    printf '# 下罐作业\n\n先检测，再通风，后作业。见[班前会](../../班前会.md)。\n' >"$1/车间/罐区/检修/下罐.md"
    printf '# 班前会\n\n一句话：不检测不进入。\n' >"$1/车间/班前会.md"
    printf 'No heading here, only text.\n' >"$1/guide/plain.md"
    printf '# 说明\n\n[下罐](车间/罐区/检修/下罐.md)\n' >"$1/README.md"
}

# many_pages DIR COUNT WORD: COUNT pages in four folders that all hold WORD.
many_pages() {
    mkdir -p "$1/cases" "$1/models" "$1/lessons" "$1/pages"
    awk -v dir="$1" -v n="$2" -v word="$3" 'BEGIN {
        split("cases models lessons pages", f, " ")
        for (i = 1; i <= n; i++) {
            file = dir "/" f[i % 4 + 1] "/p" i ".md"
            printf "# 第 %d 页 %s\n\n受限空间作业先检测后进入，第 %d 次强调 %s。\n\n## 要点\n\n- 通风\n- 监护\n", i, word, i, word > file
            close(file)
        }
    }'
}

# tree_sum DIR: one line that changes when any name or byte below DIR changes.
tree_sum() {
    (cd "$1" && find . -type f | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum)
}
