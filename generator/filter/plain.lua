-- plain.lua: a document as plain text, near to what pandoc's plain format is.
--
-- Must not know: files.

local native, C = ...
local ipairs, type = ipairs, type
local rep, concat = string.rep, table.concat
local layout = C.lazy('layout').layout
local width = C.lazy('layout').width
local class_of, M = C.class_of, C.M

local blocks_doc
local function inlines_doc(list, notes)
  local out = {}
  for _, x in ipairs(C.to_inlines(list)) do
    local tag = x.t
    if tag == 'Str' or tag == 'Code' or tag == 'Math' then
      out[#out + 1] = layout.literal(x.text)
    elseif tag == 'Space' or tag == 'SoftBreak' then
      out[#out + 1] = layout.space
    elseif tag == 'LineBreak' then
      out[#out + 1] = layout.cr
    elseif tag == 'Quoted' then
      local one = x.quotetype == 'SingleQuote'
      out[#out + 1] = layout.inside(inlines_doc(x.content, notes), one and '‘' or '“', one and '’' or '”')
    elseif tag == 'Note' then
      notes[#notes + 1] = x
      out[#out + 1] = layout.literal('[' .. #notes .. ']')
    elseif tag == 'Image' then
      out[#out + 1] = layout.concat { '[', inlines_doc(x.caption, notes), ']' }
    elseif tag ~= 'RawInline' then
      out[#out + 1] = inlines_doc(x.content, notes)
    end
  end
  return layout.concat(out)
end
local function item_doc(mark, item, notes)
  return layout.hang(blocks_doc(item, notes), width(mark), mark)
end
local function list_doc(items, tight)
  return layout.concat(items, tight and layout.cr or layout.blankline)
end
local function is_tight(items)
  for _, item in ipairs(items) do
    for _, b in ipairs(item) do
      if b.t == 'Para' then return false end
    end
  end
  return true
end
local function table_doc(t, notes)
  local rows, widths, heads = {}, {}, #t.head.rows
  local function take(list)
    for _, row in ipairs(list or {}) do
      local cells = {}
      for i, cell in ipairs(row.cells) do
        cells[i] = layout.render(blocks_doc(cell.contents, notes)):gsub('\n+$', ''):gsub('\n', ' ')
        widths[i] = math.max(widths[i] or 0, width(cells[i]))
      end
      rows[#rows + 1] = cells
    end
  end
  take(t.head.rows)
  for _, body in ipairs(t.bodies) do
    take(body.head)
    take(body.body)
  end
  take(t.foot.rows)
  local lines, rule = {}, {}
  for i, w in ipairs(widths) do rule[i] = rep('-', w) end
  for i, cells in ipairs(rows) do
    local line = {}
    for k, w in ipairs(widths) do line[k] = (cells[k] or '') .. rep(' ', w - width(cells[k] or '')) end
    lines[#lines + 1] = layout.literal((concat(line, ' '):gsub('%s+$', '')))
    if i == heads then lines[#lines + 1] = layout.literal(concat(rule, ' ')) end
  end
  return layout.nest(layout.nowrap(layout.concat(lines, layout.cr)), 2)
end

local function block_doc(b, notes)
  local tag = b.t
  if tag == 'Plain' or tag == 'Para' or tag == 'Header' then return inlines_doc(b.content, notes) end
  if tag == 'CodeBlock' then return layout.nest(layout.nowrap(C.lazy('layout').to_doc(b.text)), 4) end
  if tag == 'BlockQuote' then return layout.nest(blocks_doc(b.content, notes), 2) end
  if tag == 'HorizontalRule' then return layout.literal(rep('-', 72)) end
  if tag == 'LineBlock' then
    local lines = {}
    for i, line in ipairs(b.content) do lines[i] = inlines_doc(line, notes) end
    return layout.concat(lines, layout.cr)
  end
  if tag == 'BulletList' or tag == 'OrderedList' then
    local items = {}
    for i, item in ipairs(b.content) do
      local mark = tag == 'BulletList' and '-   ' or (b.start + i - 1) .. '.'
      items[i] = item_doc(mark .. rep(' ', 4 - #mark), item, notes)
    end
    return list_doc(items, is_tight(b.content))
  end
  if tag == 'DefinitionList' then
    local items = {}
    for i, d in ipairs(b.content) do
      local parts = { inlines_doc(d[1], notes) }
      for _, def in ipairs(d[2]) do parts[#parts + 1] = layout.nest(blocks_doc(def, notes), 4) end
      items[i] = layout.concat(parts, layout.cr)
    end
    return list_doc(items, false)
  end
  if tag == 'Table' then return table_doc(b, notes) end
  if tag == 'Div' or tag == 'Figure' then return blocks_doc(b.content, notes) end
end
function blocks_doc(list, notes)
  local out = {}
  for _, b in ipairs(C.to_blocks(list)) do
    local d = block_doc(b, notes)
    if d and not layout.is_empty(d) then out[#out + 1] = d end
  end
  return layout.concat(out, layout.blankline)
end

return {
  write = function(doc, options)
    local notes, wrap = {}, not (options and options.wrap_text and options.wrap_text ~= 'wrap-auto')
    local body = blocks_doc(doc.blocks, notes)
    local tail, i = {}, 1
    while notes[i] do -- a note may hold another
      tail[i] = layout.hang(blocks_doc(notes[i].content, notes), 4, '[' .. i .. '] ')
      i = i + 1
    end
    if #tail > 0 then body = layout.concat { body, layout.blankline, layout.concat(tail, layout.blankline) } end
    local text = layout.render(body, wrap and (options and options.columns or 72) or nil)
    return (text:gsub('\n*$', '')) .. '\n'
  end,
}
