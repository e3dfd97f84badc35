-- hazard-card: a definition list in a Div "hazard-card" becomes a card to hang on the wall (应急处置卡).
--
-- Each term is a row's head; a list in it becomes numbered steps. A card that lacks one of the rows
-- in `wanted` is drawn all the same, with a warning.

local stringify = pandoc.utils.stringify
local wanted = { '主要风险', '应急处置', '报告电话' }

local function rows_of(list)
  local rows, seen = pandoc.List(), {}
  for _, item in ipairs(list.content) do
    local blocks = pandoc.List()
    for _, definition in ipairs(item[2]) do blocks:extend(definition) end
    if #blocks == 1 and blocks[1].t == 'BulletList' then blocks[1] = pandoc.OrderedList(blocks[1].content) end
    seen[stringify(item[1])] = true
    rows:insert(pandoc.Row { pandoc.Cell { pandoc.Plain { pandoc.Strong(item[1]) } }, pandoc.Cell(blocks) })
  end
  return rows, seen
end

function Div(el)
  if not el.classes:includes 'hazard-card' then return nil end
  local rows, seen, rest = pandoc.List(), {}, pandoc.List()
  for _, block in ipairs(el.content) do
    if block.t == 'DefinitionList' then
      local own, names = rows_of(block)
      rows:extend(own)
      for name in pairs(names) do seen[name] = true end
    else
      rest:insert(block)
    end
  end
  for _, name in ipairs(wanted) do
    if not seen[name] then pandoc.log.warn('应急处置卡缺少“' .. name .. '”') end
  end
  local title = '应急处置卡'
  if el.attributes.post then title = title .. ' · ' .. el.attributes.post end
  local head = pandoc.Row { pandoc.Cell { pandoc.Plain '项目' }, pandoc.Cell { pandoc.Plain(title) } }
  local card = pandoc.Table({ long = {} }, { { 'AlignDefault' }, { 'AlignDefault' } }, pandoc.TableHead { head },
    { pandoc.TableBody(rows) }, pandoc.TableFoot {})
  el.content = pandoc.List { card } .. rest
  el.attributes.post = nil
  return el
end
