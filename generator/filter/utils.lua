-- utils.lua: pandoc.utils and pandoc.text.
--
-- Must not know: files, clocks, chance, which filter runs.

local native, C = ...
local rawget, rawlen, type, tostring, tonumber, error, ipairs, pairs, select =
  rawget, rawlen, type, native.tostring, tonumber, error, ipairs, native.pairs, select
local find, sub, match, gmatch, format = string.find, string.sub, string.match, string.gmatch, string.format
local concat, utf8 = table.concat, utf8
local mt_of, setmetatable = native.metatable, native.setmetatable
local M, make, class_of, classes = C.M, C.make, C.class_of, C.classes
local to_inlines, to_blocks, new_list, new_attr = C.to_inlines, C.to_blocks, C.new_list, C.new_attr
local Inlines_mt, Attr_mt, Attributes_mt = C.Inlines_mt, C.Attr_mt, C.Attributes_mt
local utils, text = {}, {}

local stringify
-- What a document says of itself stands before its text; what is no text says nothing.
local function meta_text(v, out)
  if type(v) == 'table' and not mt_of(v) or mt_of(v) == C.Meta_mt then
    for _, x in pairs(v) do meta_text(x, out) end
  elseif type(v) ~= 'boolean' then
    stringify(v, out)
  end
end
function stringify(v, out)
  if type(v) == 'string' then
    out[#out + 1] = v
  elseif type(v) == 'number' or type(v) == 'boolean' then
    out[#out + 1] = tostring(v)
  elseif type(v) == 'table' then
    local mt = mt_of(v)
    local tag = mt and mt.tag
    if tag == 'Str' or tag == 'Code' or tag == 'Math' then
      out[#out + 1] = v.text
    elseif tag == 'Space' or tag == 'SoftBreak' or tag == 'LineBreak' then
      out[#out + 1] = ' '
    elseif tag == 'RawInline' then
      if v.format == 'html' and find(v.text, '^<br') then out[#out + 1] = ' ' end
    elseif tag == 'Quoted' then
      local double = v.quotetype == 'DoubleQuote'
      out[#out + 1] = double and '“' or '‘'
      stringify(v.content, out)
      out[#out + 1] = double and '”' or '’'
    elseif mt == Attr_mt or mt == Attributes_mt or tag == 'Note' then
      return
    elseif tag == 'Pandoc' then
      meta_text(v.meta, out)
      stringify(v.blocks, out)
    elseif mt and mt.kind then
      for _, kid in ipairs(mt.kids or {}) do
        local field = rawget(v, kid[1])
        if kid[2] == 'T' or kid[2] == 'R' then
          local function rows(list)
            for _, row in ipairs(list or {}) do
              for _, cell in ipairs(row.cells) do stringify(cell.contents, out) end
            end
          end
          if kid[2] == 'R' then
            rows(field and field.rows)
          else
            for _, body in ipairs(field or {}) do
              rows(body.head)
              rows(body.body)
            end
          end
        elseif kid[2] == 'K' then
          stringify(field and field.short, out)
          stringify(field and field.long, out)
        elseif kid[2] ~= 'C' then
          stringify(field, out)
        end
      end
    elseif #v > 0 then
      for i = 1, #v do stringify(v[i], out) end
    else
      for _, x in pairs(v) do stringify(x, out) end
    end
  end
end
function utils.stringify(v)
  local out = {}
  stringify(v, out)
  return concat(out)
end

function utils.type(...)
  if select('#', ...) == 0 then return 'no value' end
  local v = ...
  if type(v) ~= 'table' then return type(v) end
  local mt = mt_of(v)
  if not mt then return 'table' end
  if mt.kind == 'Inline' or mt.kind == 'Block' then return mt.kind end
  return type(mt.__name) == 'string' and mt.__name or 'table'
end
function utils.equals(a, b)
  return a == b
end

-- Appends as pandoc's builder does: where two lists meet, words become one word, blanks one blank, two
-- of the same emphasis one.
local melds = {}
for _, tag in ipairs(C.words 'Emph Underline Strong Subscript Superscript Strikeout') do melds[classes[tag]] = true end
local blanks = { [classes.Space] = 1, [classes.SoftBreak] = 2, [classes.LineBreak] = 3 }
local function meld(last, x)
  local a, b = class_of(last), class_of(x)
  if blanks[a] and blanks[b] and a ~= classes.LineBreak then return blanks[a] > blanks[b] and last or x end
  if a == classes.LineBreak and (b == classes.Space or b == classes.SoftBreak) then return last end
  if a ~= b then return nil end
  if a == classes.Str then return M.Str(last.text .. x.text) end
  return melds[a] and make(a.tag, { content = C.list_concat(to_inlines(last.content), to_inlines(x.content)) })
end
local function join(out, inlines)
  local n, from = #out, 1
  local one = n > 0 and inlines[1] and meld(out[n], inlines[1])
  if one then
    out[n] = one
    from = 2
  end
  for i = from, #inlines do
    n = n + 1
    out[n] = inlines[i]
  end
end

local flatten
local function block_inlines(b, out)
  local tag, c = b.t, rawget(b, 'content')
  if tag == 'CodeBlock' then
    join(out, { M.Code(b.text, b.attr) })
  elseif tag == 'RawBlock' then
    join(out, { M.RawInline(b.format, b.text) })
  elseif tag == 'LineBlock' then
    local all = {}
    for i, line in ipairs(c) do
      if i > 1 then all[#all + 1] = M.LineBreak() end
      for _, x in ipairs(to_inlines(line)) do all[#all + 1] = x end
    end
    join(out, all)
  elseif tag == 'BulletList' or tag == 'OrderedList' then
    for _, item in ipairs(c) do join(out, flatten(item)) end
  elseif tag == 'DefinitionList' then
    for _, item in ipairs(c) do
      join(out, to_inlines(item[1]))
      join(out, { M.Str ':', M.Space() })
      for _, d in ipairs(item[2]) do join(out, flatten(d)) end
    end
  elseif tag == 'Div' or tag == 'BlockQuote' or tag == 'Figure' then
    join(out, flatten(c))
  elseif tag == 'Table' then
    local first = true
    local function rows(list)
      for _, row in ipairs(list or {}) do
        if not first then join(out, { M.LineBreak() }) end
        first = false
        for _, cell in ipairs(row.cells) do join(out, flatten(cell.contents)) end
      end
    end
    rows(b.head.rows)
    for _, body in ipairs(b.bodies) do
      rows(body.head)
      rows(body.body)
    end
    rows(b.foot.rows)
  elseif c then
    join(out, to_inlines(c))
  end
end
function flatten(blocks, sep)
  local out = {}
  for i, b in ipairs(to_blocks(blocks)) do
    if i > 1 then join(out, sep and C.clone(sep) or { M.LineBreak() }) end
    block_inlines(b, out)
  end
  return out
end
function utils.blocks_to_inlines(blocks, sep)
  return setmetatable(flatten(blocks, sep and to_inlines(sep)), Inlines_mt)
end

function utils.to_roman_numeral(n)
  n = math.tointeger(tonumber(n)) or error('to_roman_numeral: a whole number is expected', 2)
  if n >= 4000 or n < 0 then return '?' end
  local out = {}
  for _, pair in ipairs { { 1000, 'M' }, { 900, 'CM' }, { 500, 'D' }, { 400, 'CD' }, { 100, 'C' }, { 90, 'XC' },
    { 50, 'L' }, { 40, 'XL' }, { 10, 'X' }, { 9, 'IX' }, { 5, 'V' }, { 4, 'IV' }, { 1, 'I' } } do
    while n >= pair[1] do
      out[#out + 1] = pair[2]
      n = n - pair[1]
    end
  end
  return concat(out)
end

function utils.sha1(s)
  return native.sha1(s)
end

local months = {}
for i, name in ipairs(C.words [[January February March April May June July August September October
  November December]]) do
  months[name:lower()] = i
  months[name:lower():sub(1, 3)] = months[name:lower():sub(1, 3)] or i
end
local function full_month(name, short)
  local i = months[name:lower()]
  return i and (#name == 3) == short and i or i and name:lower() == 'may' and i or nil
end
local function date_of(y, m, d)
  y, m, d = tonumber(y), tonumber(m), tonumber(d)
  if not (y and m and d) or y < 1601 or y > 9999 or m < 1 or m > 12 or d < 1 then return nil end
  local leap = y % 4 == 0 and (y % 100 ~= 0 or y % 400 == 0)
  local days = ({ 31, leap and 29 or 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 })[m]
  if d > days then return nil end
  return format('%04d-%02d-%02d', y, m, d)
end
function utils.normalize_date(s)
  s = match(s, '^%s*(.-)%s*$')
  local a, b, c = match(s, '^(%d%d)/(%d%d)/(%d%d%d%d)$')
  if a then return date_of(c, a, b) end
  a, b, c = match(s, '^(%d%d)/(%d%d)/(%d%d)$')
  if a then return date_of(tonumber(c) + (tonumber(c) < 69 and 2000 or 1900), a, b) end
  a, b, c = match(s, '^(%d%d%d%d)%-(%d%d)%-(%d%d)$')
  if a then return date_of(a, b, c) end
  a, b, c = match(s, '^(%d%d) (%a+) (%d%d%d%d)$')
  if a and full_month(b, true) then return date_of(c, full_month(b, true), a) end
  a, b, c = match(s, '^ ?(%d%d?) (%a+) (%d%d%d%d)$')
  if a then return date_of(c, full_month(b, false), a) end
  a, b, c = match(s, '^(%a+)%. (%d%d?), (%d%d%d%d)$')
  if a then return date_of(c, full_month(a, true), b) end
  a, b, c = match(s, '^(%a+) (%d%d?), (%d%d%d%d)$')
  if a then return date_of(c, full_month(a, false), b) end
  a, b, c = match(s, '^(%d%d%d%d)(%d%d)(%d%d)$')
  if a then return date_of(a, b, c) end
  a, b = match(s, '^(%d%d%d%d)(%d%d)$')
  if a then return date_of(a, b, 1) end
  a = match(s, '^(%d%d%d%d)$')
  return a and date_of(a, 1, 1) or nil
end

function utils.make_sections(number, base, blocks)
  return C.lazy('structure').sections(number, base, blocks)
end
function utils.run_json_filter(doc, filter, args)
  if not native.run then error('run_json_filter: running programs needs --allow-run', 2) end
  args = args or { C.format }
  return native.from_json(native.run(filter, args, native.to_json(doc)))
end

---------------------------------------------------------------------------------------------------
-- Simple tables, as pandoc had them before 2.10

function utils.from_simple_table(s)
  local function row(cells)
    local out = {}
    for i, c in ipairs(cells) do out[i] = M.Cell(c) end
    return M.Row(out)
  end
  if class_of(s) ~= classes.SimpleTable then error('a SimpleTable is expected, got ' .. C.kind_name(s), 2) end
  local colspecs = {}
  for i, a in ipairs(s.aligns) do
    local w = s.widths[i]
    colspecs[i] = { a, w and w ~= 0 and w or nil }
  end
  local rows = {}
  for i, r in ipairs(s.rows) do rows[i] = row(r) end
  local caption = #s.caption > 0 and { M.Plain(s.caption) } or {}
  return M.Table({ long = caption }, colspecs, M.TableHead(#s.headers > 0 and { row(s.headers) } or {}),
    #rows > 0 and { { attr = new_attr(), body = new_list(rows), head = new_list {}, row_head_columns = 0 } } or {}, M.TableFoot {})
end

-- Cells by column: a cell over several columns or rows leaves empty ones.
local function flat_rows(list, columns, out)
  local above = {}
  for _, row in ipairs(list) do
    local cells, at = {}, 1
    local function skip()
      while above[at] and above[at] > 0 do
        above[at] = above[at] - 1
        cells[at] = to_blocks {}
        at = at + 1
      end
    end
    for _, cell in ipairs(row.cells) do
      skip()
      cells[at] = to_blocks(cell.contents)
      for i = 0, (cell.col_span or 1) - 1 do
        if i > 0 then cells[at + i] = to_blocks {} end
        above[at + i] = (cell.row_span or 1) - 1
      end
      at = at + (cell.col_span or 1)
    end
    skip()
    for i = at, columns do cells[i] = to_blocks {} end
    for i = #cells, columns + 1, -1 do cells[i] = nil end
    out[#out + 1] = new_list(cells)
  end
  return out
end
function utils.to_simple_table(t)
  local aligns, widths = {}, {}
  for i, spec in ipairs(t.colspecs) do
    aligns[i], widths[i] = spec[1], spec[2] or 0.0
  end
  local head = flat_rows(t.head.rows, #aligns, {})
  local rows = {}
  for i = 2, #head do rows[#rows + 1] = head[i] end
  for _, body in ipairs(t.bodies) do
    flat_rows(body.head, #aligns, rows)
    flat_rows(body.body, #aligns, rows)
  end
  flat_rows(t.foot.rows, #aligns, rows)
  return M.SimpleTable(utils.blocks_to_inlines(t.caption.long or {}), aligns, widths, head[1] or {}, rows)
end

---------------------------------------------------------------------------------------------------
-- pandoc.text: by character, not by byte

text.lower, text.upper = native.lower, native.upper
function text.len(s)
  return utf8.len(s)
end
function text.sub(s, i, j)
  local n = utf8.len(s)
  j = j or n
  if i < 0 then i = n + i + 1 end
  if j < 0 then j = n + j + 1 end
  if i < 1 then i = 1 end
  if j > n then j = n end
  if i > j then return '' end
  return sub(s, utf8.offset(s, i), utf8.offset(s, j + 1) - 1)
end
function text.reverse(s)
  local out, n = {}, utf8.len(s)
  for _, c in utf8.codes(s) do
    out[n] = utf8.char(c)
    n = n - 1
  end
  return concat(out)
end

utils.Version = C.to_version

return { utils = utils, text = text }
