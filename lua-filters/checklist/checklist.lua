-- checklist: a list in a Div "checklist" becomes a table to tick, with a strip to sign below it.
--
-- Task items lose their box: the paper has its own. A Div without a list is left alone.

local function without_box(blocks)
  local first = blocks[1]
  local text = first and (first.t == 'Plain' or first.t == 'Para') and first.content
  if text and text[1] and text[1].t == 'Str' and (text[1].text == '☐' or text[1].text == '☒') then
    text:remove(1)
    if text[1] and text[1].t == 'Space' then text:remove(1) end
  end
  return blocks
end

local function cell(s)
  return pandoc.Cell { pandoc.Plain(s) }
end

local function row_of(words)
  return pandoc.Row(pandoc.List(words):map(cell))
end

local function table_of(aligns, head, rows, class)
  local specs = pandoc.List(aligns):map(function(a) return { a } end)
  return pandoc.Table({ long = {} }, specs, pandoc.TableHead { row_of(head) }, { pandoc.TableBody(rows) }, pandoc.TableFoot {},
    { class = class })
end

function Div(el)
  if not el.classes:includes 'checklist' then return nil end
  local out, found = pandoc.List(), false
  for _, block in ipairs(el.content) do
    if block.t == 'BulletList' or block.t == 'OrderedList' then
      local rows = pandoc.List()
      for i, item in ipairs(block.content) do
        rows:insert(pandoc.Row { cell(tostring(i)), pandoc.Cell(without_box(item)), cell '☐', cell '☐', cell '' })
      end
      out:insert(table_of({ 'AlignRight', 'AlignDefault', 'AlignCenter', 'AlignCenter', 'AlignDefault' },
        { '序号', '检查项目', '是', '否', '备注' }, rows, 'checklist-items'))
      found = true
    else
      out:insert(block)
    end
  end
  if not found then return nil end
  local signers = pandoc.List()
  for who in (el.attributes.sign or '检查人,复核人'):gmatch '[^,，、]+' do signers:insert(row_of { who, '', '' }) end
  out:insert(table_of({ 'AlignDefault', 'AlignDefault', 'AlignDefault' }, { '', '签字', '日期' }, signers, 'sign-off'))
  el.content = out
  el.attributes.sign = nil
  return el
end
