/* hazard - which warning sign a hazard's name asks for. Must not know: pictures, themes. */
#include "model/hazard.h"

#include <glib.h>
#include <string.h>

/* The first word found decides, so the narrow ones stand before the wide ones. */
static const struct {
    const char *word, *sign;
} words[] = {
    {"中毒", "toxic"},         {"火灾", "fire"},         {"受限空间", "confined"},
    {"有限空间", "confined"},  {"密闭空间", "confined"}, {"缺氧", "confined"},
    {"窒息", "confined"},      {"氮气", "confined"},     {"硫化氢", "toxic"},
    {"有毒", "toxic"},         {"一氧化碳", "toxic"},    {"尘肺", "dust"},
    {"粉尘", "dust"},          {"爆炸", "explosion"},    {"爆破", "explosion"},
    {"压力容器", "explosion"}, {"危险化学品", "hazmat"}, {"危化品", "hazmat"},
    {"危险废物", "hazmat"},    {"危废", "hazmat"},       {"硝化废料", "hazmat"},
    {"化学品", "hazmat"},      {"腐蚀", "corrosive"},    {"灼烫", "corrosive"},
    {"酸", "corrosive"},       {"动火", "fire"},         {"易燃", "fire"},
    {"燃烧", "fire"},          {"自燃", "fire"},         {"触电", "shock"},
    {"电气", "shock"},         {"静电", "shock"},        {"带电", "shock"},
    {"坠落", "fall"},          {"高处", "fall"},         {"登高", "fall"},
    {"滑倒", "slip"},          {"滑跌", "slip"},         {"绊倒", "slip"},
    {"起重", "lifting"},       {"吊装", "lifting"},      {"行车", "lifting"},
    {"天车", "lifting"},       {"坍塌", "collapse"},     {"冒顶", "collapse"},
    {"机械", "machine"},       {"卷入", "machine"},      {"夹", "machine"},
    {"挤压", "machine"},       {"物体打击", "object"},   {"落物", "object"},
    {"打击", "object"},        {"车辆", "vehicle"},      {"叉车", "vehicle"},
    {"交通", "vehicle"},       {"高温", "heat"},         {"烫", "heat"},
    {"中暑", "heat"},          {"淹溺", "drown"},        {"溺水", "drown"},
    {"噪声", "noise"},         {"噪音", "noise"},        {"辐射", "radiation"},
    {"放射", "radiation"},     {"设备", "machine"},
};

const char *aj_hazard_sign(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (strstr(name, words[i].word))
            return words[i].sign;
    return "general";
}
