/* corpus - a made-up site of any size, always the same one for the same numbers.
 *
 * corpus PAGES COMMITS FOLDER: writes FOLDER/content as it is after the last commit, and on stdout
 * the history that led there, for git fast-import (nothing for 0 COMMITS: pages that nobody has
 * committed). Words are drawn by Zipf's law from real words of
 * the trade and pairs of them; a page holds about 4.3 kB: headings, paragraphs, a table, lists, a
 * quote, links to other pages, tags and hazards.
 * Must not know: who is measured with it. */
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FOLDERS = 12, TAGS = 50, HAZARDS = 20, PARTS = 8, PAIRS = 6000, PAGE_MAX = 32768 };

static const char *const FOLDER_NAMES[FOLDERS] = {"confined", "height",    "hotwork",   "lifting",
                                                  "electric", "chemicals", "machinery", "traffic",
                                                  "fire",     "mining",    "emergency", "party"};
static const char *const FOLDER_TITLES[FOLDERS] = {"有限空间", "高处作业",   "动火作业", "吊装作业",
                                                   "电气安全", "危险化学品", "机械伤害", "厂内交通",
                                                   "消防",     "矿山",       "应急处置", "党课"};
static const char *const WORDS[] = {
    "安全",     "作业",     "检查",   "隐患",   "风险",     "事故",     "人员",   "现场",
    "措施",     "管理",     "责任",   "培训",   "企业",     "设备",     "整改",   "监护",
    "审批",     "应急",     "救援",   "防护",   "检测",     "通风",     "氧气",   "气体",
    "浓度",     "缺氧",     "中毒",   "窒息",   "硫化氢",   "一氧化碳", "甲烷",   "可燃",
    "爆炸",     "火灾",     "泄漏",   "动火",   "焊接",     "切割",     "火花",   "灭火器",
    "消防栓",   "疏散",     "通道",   "出口",   "警报",     "报警器",   "探测器", "阀门",
    "管道",     "法兰",     "盲板",   "储罐",   "反应釜",   "锅炉",     "压力",   "温度",
    "液位",     "流量",     "仪表",   "联锁",   "停车",     "开车",     "检修",   "维护",
    "保养",     "润滑",     "点检",   "巡检",   "交接班",   "班组",     "班长",   "车间",
    "厂长",     "安全员",   "监督",   "员工",   "新工人",   "师傅",     "徒弟",   "承包商",
    "外包",     "劳务",     "合同",   "资质",   "证书",     "持证",     "上岗",   "三级教育",
    "考核",     "测验",     "题库",   "学时",   "档案",     "记录",     "台账",   "签字",
    "确认",     "交底",     "方案",   "预案",   "演练",     "评估",     "分级",   "管控",
    "清单",     "标准",     "规程",   "制度",   "规定",     "条款",     "法律",   "安全生产法",
    "处罚",     "罚款",     "停产",   "追责",   "问责",     "调查",     "报告",   "原因",
    "直接原因", "间接原因", "教训",   "改进",   "复查",     "验收",     "销号",   "闭环",
    "督办",     "挂牌",     "公示",   "举报",   "奖励",     "表彰",     "标兵",   "党员",
    "支部",     "党课",     "先锋",   "责任区", "示范岗",   "双重预防", "诊断",   "专家",
    "会诊",     "第三方",   "园区",   "化工",   "冶炼",     "铜",       "铸造",   "高炉",
    "转炉",     "煤气",     "氨",     "氯气",   "液氨",     "制冷",     "粉尘",   "铝粉",
    "木粉",     "除尘器",   "清扫",   "静电",   "接地",     "跨接",     "防爆",   "电箱",
    "漏电",     "触电",     "绝缘",   "验电",   "挂牌上锁", "断电",     "送电",   "临时用电",
    "配电",     "电缆",     "变压器", "开关",   "吊车",     "行车",     "吊钩",   "钢丝绳",
    "吊具",     "指挥",     "信号",   "起重",   "坠落",     "高处",     "安全带", "安全帽",
    "安全网",   "脚手架",   "临边",   "洞口",   "护栏",     "梯子",     "平台",   "屋面",
    "井盖",     "污水池",   "化粪池", "地窖",   "料仓",     "筒仓",     "沟渠",   "隧道",
    "巷道",     "顶板",     "支护",   "瓦斯",   "透水",     "冒顶",     "提升",   "运输",
    "皮带机",   "叉车",     "货车",   "倒车",   "盲区",     "限速",     "停放",   "装卸",
    "堆放",     "仓库",     "货架",   "危险品", "标签",     "说明书",   "防护服", "手套",
    "护目镜",   "面罩",     "呼吸器", "滤毒罐", "耳塞",     "安全鞋",   "急救",   "心肺复苏",
    "担架",     "医院",     "电话",   "汇报",   "警戒",     "撤离",     "清点",   "人数",
    "雨季",     "高温",     "中暑",   "防汛",   "台风",     "冰冻",     "节后",   "复工",
    "夜班",     "疲劳",     "酒后",   "违章",   "违规",     "冒险",     "盲目",   "施救",
    "擅自",     "未经",     "必须",   "严禁",   "先通风",   "再检测",   "后作业", "到位",
    "落实",     "发现",     "及时",   "处理",   "停止",     "恢复",     "组织",   "分析",
    "讨论",     "学习",     "要点",   "案例",   "警示",     "身边",     "一线",   "岗位"};
enum { BASE = sizeof WORDS / sizeof *WORDS };
static const char *const LINKING[] = {"的", "和", "在", "对", "时", "要", "应", "并", "与", "后"};

typedef struct {
    char text[24];
} Word;
typedef struct {
    uint64_t state;
} Random;
typedef struct {
    char *p, *end;
} Out;
typedef struct {
    uint16_t parts[PARTS]; /* how often each part was rewritten */
} Page;

static Word vocabulary[BASE + PAIRS];
static double rising[BASE + PAIRS]; /* sums of the words' weights */
static uint32_t pages;

static uint64_t next(Random *r)
{
    uint64_t z = r->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static uint32_t below(Random *r, uint32_t limit)
{
    return (uint32_t)(next(r) % limit);
}

static Random seeded(uint64_t a, uint64_t b, uint64_t c)
{
    Random r = {a * 0x100000001b3u ^ b << 40 ^ c << 20 ^ 0x5eed};
    next(&r);
    return r;
}

__attribute__((format(printf, 2, 3))) static void put(Out *o, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(o->p, (size_t)(o->end - o->p), format, args);
    va_end(args);
    if (n < 0 || n >= o->end - o->p) {
        fputs("corpus: a page outgrew its buffer\n", stderr);
        exit(1);
    }
    o->p += n;
}

static void vocabulary_make(void)
{
    Random r = seeded(1, 2, 3);
    double sum = 0;
    for (int i = 0; i < BASE + PAIRS; i++) {
        const char *first = WORDS[i < BASE ? i : (int)below(&r, BASE)];
        const char *second = i < BASE ? "" : WORDS[below(&r, BASE)];
        snprintf(vocabulary[i].text, sizeof vocabulary[i].text, "%s%.11s", first,
                 strlen(first) <= 12 && strlen(second) <= 11 ? second : "");
        sum += 1 / pow(i + 2.7, 1.07);
        rising[i] = sum;
    }
}

static const char *word(Random *r)
{
    double at = (double)(next(r) >> 11) / 9007199254740992.0 * rising[BASE + PAIRS - 1];
    int low = 0, high = BASE + PAIRS - 1;
    while (low < high) {
        int mid = (low + high) / 2;
        if (rising[mid] < at)
            low = mid + 1;
        else
            high = mid;
    }
    return vocabulary[low].text;
}

static void words(Out *o, Random *r, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        put(o, "%s", word(r));
        if (below(r, 3) == 0 && i + 1 < count)
            put(o, "%s", LINKING[below(r, sizeof LINKING / sizeof *LINKING)]);
    }
}

static void sentences(Out *o, Random *r, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t clauses = 1 + below(r, 3);
        for (uint32_t k = 0; k < clauses; k++) {
            words(o, r, 3 + below(r, 5));
            put(o, "%s", k + 1 < clauses ? "，" : "。");
        }
        if (below(r, 12) == 0)
            put(o, "**严禁%s**，先查 %u 项。", word(r), 2 + below(r, 30));
    }
}

static void page_path(uint32_t page, char out[64])
{
    snprintf(out, 64, "content/%s/p%06u.md", FOLDER_NAMES[page % FOLDERS], page);
}

static void link_put(Out *o, Random *r, uint32_t from)
{
    uint32_t to = below(r, 4) ? below(r, pages) : below(r, pages / 20 + 1); /* some are famous */
    put(o, "[%s%s](%s%s/p%06u.md)", word(r), word(r), to % FOLDERS == from % FOLDERS ? "" : "../",
        to % FOLDERS == from % FOLDERS ? "." : FOLDER_NAMES[to % FOLDERS], to);
}

/* One of the parts that an editor rewrites at a time. */
static void part_put(Out *o, uint32_t page, uint32_t part, uint32_t revision)
{
    Random r = seeded(page + 1, part + 1, revision);
    if (part % 2 == 0) {
        put(o, "\n## ");
        words(o, &r, 2 + below(&r, 2));
        put(o, "\n");
    } else if (part == 5) {
        put(o, "\n### ");
        words(o, &r, 2);
        put(o, "\n");
    }
    put(o, "\n");
    sentences(o, &r, 2 + below(&r, 3));
    put(o, "\n");
    switch (part) {
    case 1:
        put(o, "\n| 序号 | 检查内容 | 标准 | 结果 |\n|---|---|---|---|\n");
        for (uint32_t i = 0; i < 4; i++) {
            put(o, "| %u | ", i + 1);
            words(o, &r, 3);
            put(o, " | ");
            words(o, &r, 2);
            put(o, " | %s |\n", below(&r, 3) ? "合格" : "整改");
        }
        break;
    case 3:
    case 6:
        put(o, "\n");
        for (uint32_t i = 0; i < 4; i++) {
            if (part == 3)
                put(o, "%u. ", i + 1);
            else
                put(o, "- ");
            words(o, &r, 4 + below(&r, 4));
            put(o, "；\n");
        }
        break;
    case 4:
        put(o, "\n> ");
        words(o, &r, 8);
        put(o, "。\n");
        break;
    default:
        put(o, "\n参见");
        link_put(o, &r, page);
        put(o, "、");
        link_put(o, &r, page);
        put(o, "，`%s`。\n", word(&r));
    }
}

static size_t page_make(uint32_t page, const Page *state, char *buffer)
{
    Out o = {buffer, buffer + PAGE_MAX};
    Random r = seeded(page + 1, 0, 0);
    put(&o, "---\ntitle: ");
    words(&o, &r, 2);
    put(&o, "（%u）\ndate: 20%02u-%02u-%02u\ntags: [", page, 20 + below(&r, 6), 1 + below(&r, 12),
        1 + below(&r, 28));
    for (uint32_t i = 0, n = 2 + below(&r, 3), tag = below(&r, TAGS); i < n; i++)
        put(&o, "%s%s", i ? ", " : "", WORDS[(tag + i * i * 7) % TAGS]);
    put(&o, "]\nhazards: [%s]\nsummary: ", WORDS[TAGS + below(&r, HAZARDS)]);
    words(&o, &r, 8);
    put(&o, "\n---\n");
    sentences(&o, &r, 2);
    put(&o, "\n");
    for (uint32_t part = 0; part < PARTS; part++)
        part_put(&o, page, part, state->parts[part]);
    return (size_t)(o.p - buffer);
}

static void file_change(uint32_t page, const Page *state)
{
    static char buffer[PAGE_MAX];
    char path[64];
    size_t len = page_make(page, state, buffer);
    page_path(page, path);
    printf("M 100644 inline %s\ndata %zu\n", path, len);
    fwrite(buffer, 1, len, stdout);
    putchar('\n');
}

static void text_change(const char *path, const char *text)
{
    printf("M 100644 inline %s\ndata %zu\n%s\n", path, strlen(text), text);
}

static size_t settings_make(char *buffer, size_t size)
{
    Out o = {buffer, buffer + size};
    put(&o, "title: 安全课堂\nlanguage: zh-CN\nbase_url: https://example.com/\npage_size: 100\n"
            "taxonomies: [tags]\nfilters: []\nsearch: false\ndiffs: false\n"
            "assets: {page_kb: 0}\nsections:\n");
    for (int i = 0; i < FOLDERS; i++)
        put(&o, "  %s: %s\n", FOLDER_NAMES[i], FOLDER_TITLES[i]);
    return (size_t)(o.p - buffer);
}

static void file_write(const char *folder, const char *path, const char *text, size_t len)
{
    char full[4096];
    snprintf(full, sizeof full, "%s/%s", folder, path);
    FILE *f = fopen(full, "w");
    if (!f || fwrite(text, 1, len, f) != len || fclose(f) != 0) {
        fprintf(stderr, "corpus: %s: %s\n", full, strerror(errno));
        exit(1);
    }
}

static void site_write(const char *folder, const Page *state, const char *settings)
{
    static char buffer[PAGE_MAX];
    char path[4096];
    snprintf(path, sizeof path, "%s/content", folder);
    mkdir(folder, 0755);
    mkdir(path, 0755);
    for (int i = 0; i < FOLDERS; i++) {
        snprintf(path, sizeof path, "%s/content/%s", folder, FOLDER_NAMES[i]);
        mkdir(path, 0755);
    }
    file_write(folder, "content/site.yaml", settings, strlen(settings));
    for (uint32_t page = 0; page < pages; page++) {
        size_t len = page_make(page, &state[page], buffer);
        page_path(page, path);
        file_write(folder, path, buffer, len);
    }
}

/* Half of the pages at once, the others bit by bit; one to four pages edited a commit, some often.
 */
static void history_put(Page *state, uint32_t commits, const char *settings)
{
    static const char *const people[] = {"王芳", "李强", "张敏", "刘洋", "陈静", "杨磊"};
    Random r = seeded(9, 9, 9);
    uint32_t made = 0;
    for (uint32_t c = 0; c < commits; c++) {
        const char *who = people[below(&r, 6)];
        uint32_t when = 1577836800 + c * 7200;
        char message[256];
        Out o = {message, message + sizeof message};
        put(&o, "更新：");
        words(&o, &r, 3);
        put(&o, "\n\nChange: %s\nReviewed-by: %s <r@example.com>\n",
            below(&r, 3) ? "wording" : "substance", people[below(&r, 6)]);
        printf("commit refs/heads/main\nauthor %s <e@example.com> %u +0800\n"
               "committer %s <e@example.com> %u +0800\ndata %zu\n%s\n",
               who, when, who, when, strlen(message), message);
        if (c == 0)
            text_change("content/site.yaml", settings);
        uint32_t until = pages / 2 + (uint32_t)((uint64_t)(pages - pages / 2) * (c + 1) / commits);
        for (uint32_t i = 0, n = c ? 1 + below(&r, 4) : 0; i < n && made > 0; i++) {
            uint32_t page = below(&r, 3) ? below(&r, made) : below(&r, made / 50 + 1);
            state[page].parts[below(&r, PARTS)]++;
            file_change(page, &state[page]);
        }
        for (; made < until; made++)
            file_change(made, &state[made]);
    }
}

static int number_read(const char *s, uint32_t *number_out)
{
    char *end;
    errno = 0;
    unsigned long number = strtoul(s, &end, 10);
    *number_out = (uint32_t)number;
    return *s >= '0' && *s <= '9' && !*end && !errno && number <= UINT32_MAX;
}

int main(int argc, char **argv)
{
    char settings[2048];
    uint32_t commits;
    if (argc != 4 || !number_read(argv[1], &pages) || !pages || !number_read(argv[2], &commits)) {
        fputs("usage: corpus PAGES COMMITS FOLDER >STREAM\n", stderr);
        return 2;
    }
    Page *state = calloc(pages, sizeof *state);
    if (!state) {
        perror("corpus");
        return 3;
    }
    vocabulary_make();
    settings_make(settings, sizeof settings);
    history_put(state, commits, settings);
    site_write(argv[3], state, settings);
    free(state);
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
