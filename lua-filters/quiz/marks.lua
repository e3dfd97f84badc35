-- marks: how a question is written: headings, lines of keys, options, blanks.
--
-- Pieces of text and blocks in, what they mean out; a slip is told by its code. Runs under pandoc too, then
-- without source lines. Must not know: the types of questions, pools, a page.

local stringify = pandoc.utils.stringify
local line_of = anjian and anjian.line or function() end

-- Full-width forms to plain ones, as NFKC has them, for where anjian.fold is not to be had.
local wide = { ['：'] = ':', ['｜'] = '|', ['；'] = ';', ['，'] = ',', ['（'] = '(', ['）'] = ')', ['［'] = '[',
  ['］'] = ']', ['．'] = '.', ['　'] = ' ', ['ｘ'] = 'x', ['Ｘ'] = 'X', ['＿'] = '_' }
local fold = anjian and anjian.fold or function(s)
  return (s:gsub('[%z\1-\127\194-\244][\128-\191]*', wide))
end

-- The ideographic space goes by hand: a set of bytes would cut other characters in two.
local function trim(s)
  local blank = '\u{3000}'
  s = s:gsub('^%s+', ''):gsub('%s+$', '')
  while s:sub(1, 3) == blank do s = s:sub(4):gsub('^%s+', '') end
  while s:sub(-3) == blank do s = s:sub(1, -4):gsub('%s+$', '') end
  return s
end

local types = {
  ['单选'] = 'single', ['单项选择'] = 'single', ['多选'] = 'multiple', ['多项选择'] = 'multiple',
  ['判断'] = 'truefalse', ['填空'] = 'fill', ['排序'] = 'order', ['匹配'] = 'match', ['情景'] = 'scenario',
  ['简答'] = 'short',
}
local brackets = { { '【', '】' }, { '[', ']' }, { '［', '］' } }
local keys = {
  ['分值'] = 'points', ['难度'] = 'difficulty', ['标签'] = 'tags', ['编号'] = 'id', ['红线'] = 'red',
  ['计分'] = 'scoring', ['答案'] = 'answer', ['抽题'] = 'pick', ['来自'] = 'from',
}
local ticks = { x = true, X = true, ['√'] = true, ['✓'] = true, ['✔'] = true, v = true, V = true, ['*'] = true,
  ['对'] = true }

local function text_of(v)
  return trim(fold(stringify(v)))
end

---------------------------------------------------------------------------------------------------
-- Headings

-- 【单选】, [单选题], ［ 多选 ］: from, to (bytes) and the type
local function find_marker(s)
  for _, pair in ipairs(brackets) do
    local at = 1
    while true do
      local from, inner = s:find(pair[1], at, true)
      if not from then break end
      local close, to = s:find(pair[2], inner + 1, true)
      if not close then break end
      local word = trim(fold(s:sub(inner + 1, close - 1))):gsub('题$', '')
      if types[word] then return from, to, types[word], word end
      at = inner + 1
    end
  end
end

local digits = { ['０'] = true, ['１'] = true, ['２'] = true, ['３'] = true, ['４'] = true, ['５'] = true,
  ['６'] = true, ['７'] = true, ['８'] = true, ['９'] = true }
local points_after = { ['.'] = true, ['．'] = true, ['、'] = true, [')'] = true, ['）'] = true }

-- "3." "３、" "12）" at the start: the rest of the text; nil when there is none
local function after_number(s)
  local count = 0
  for from, c in s:gmatch('()([%z\1-\127\194-\244][\128-\191]*)') do
    if c:match('^%d$') or digits[c] then
      count = count + 1
    elseif count > 0 and count < 4 and points_after[c] then
      local rest = s:sub(from + #c)
      if rest:match('^%d') then return nil end
      return rest
    else
      return nil
    end
  end
  return nil
end

-- The heading's inlines without number and type word; the type or nil.
local function read_heading(content)
  local out = content:clone()
  local first = out[1]
  if first and first.t == 'Str' then
    local rest = after_number(first.text)
    if rest then out[1] = pandoc.Str(rest) end
  end
  for i = 1, #out do -- [ 单选题 ] comes in pieces
    local joined = ''
    for j = i, math.min(i + 4, #out) do
      if out[j].t ~= 'Str' and out[j].t ~= 'Space' then break end
      joined = joined .. (out[j].t == 'Str' and out[j].text or ' ')
      if j > i and out[i].t == 'Str' and not find_marker(out[i].text) and find_marker(joined)
        and find_marker(joined) == 1 then
        for _ = i + 1, j do out:remove(i + 1) end
        out[i] = pandoc.Str(joined)
        break
      end
    end
  end
  local kind, word
  for i, el in ipairs(out) do
    if el.t == 'Str' then
      local from, to, found, name = find_marker(el.text)
      if found then
        kind, word = found, name
        local before, after = el.text:sub(1, from - 1), el.text:sub(to + 1)
        if i == 1 or before == '' then
          local rest = after_number(before)
          if rest then before = rest end
        end
        out[i] = pandoc.Str(before .. after)
        break
      end
    end
  end
  while out[1] and (out[1].t == 'Space' or (out[1].t == 'Str' and trim(out[1].text) == '')) do out:remove(1) end
  while out[#out] and (out[#out].t == 'Space' or (out[#out].t == 'Str' and out[#out].text == '')) do
    out:remove()
  end
  if kind and out[1] and out[1].t == 'Str' then
    local rest = after_number(out[1].text) -- 【单选】3. 题干
    if rest then
      out[1] = pandoc.Str(rest)
      if trim(rest) == '' then
        out:remove(1)
        if out[1] and out[1].t == 'Space' then out:remove(1) end
      end
    end
  end
  return out, kind, word
end

---------------------------------------------------------------------------------------------------
-- Lines of keys: 分值：2｜难度：易

local function lines_of(block)
  local first = line_of(block)
  local out = { { text = {}, line = first } }
  for _, el in ipairs(block.content) do
    if el.t == 'SoftBreak' or el.t == 'LineBreak' then
      out[#out + 1] = { text = {}, line = first and first + #out }
    else
      table.insert(out[#out].text, el)
    end
  end
  for _, l in ipairs(out) do l.text = stringify(l.text) end
  return out
end

local function key_of(piece)
  local name, value = fold(piece):match('^%s*([^:]-)%s*:')
  if not name or not keys[name] then return nil, name end
  local at = piece:find('：', 1, true)
  local colon = piece:find(':', 1, true)
  if at and (not colon or at < colon) then
    value = piece:sub(at + #'：')
  else
    value = piece:sub(colon + 1)
  end
  return keys[name], name, trim(value)
end

local function split(s, marks)
  local out, from, at = {}, 1, 1
  while at <= #s do
    local hit
    for _, m in ipairs(marks) do
      if s:sub(at, at + #m - 1) == m then hit = m end
    end
    if hit then
      out[#out + 1] = s:sub(from, at - 1)
      at = at + #hit
      from = at
    else
      at = at + 1
    end
  end
  out[#out + 1] = s:sub(from)
  return out
end

-- Fills `into` when the block is made of key lines; true then.
local function read_keys(block, into, slip)
  if block.t ~= 'Para' and block.t ~= 'Plain' then return false end
  local lines = lines_of(block)
  if not key_of(lines[1].text) then return false end
  for _, l in ipairs(lines) do
    local last
    for _, piece in ipairs(split(l.text, { '｜', '|' })) do
      local key, name, value = key_of(piece)
      if key then
        if into[key] then slip(key == 'answer' and 'answer-twice' or 'key-twice', l.line, name) end
        into[key] = { text = value, line = l.line, name = name }
        last = key
      elseif last == 'answer' then
        into.answer.text = into.answer.text .. '｜' .. trim(piece)
      elseif trim(piece) ~= '' then
        slip('unknown-key', l.line, trim(name or piece))
      end
    end
  end
  return true
end

---------------------------------------------------------------------------------------------------
-- Options

-- kind of a list item: 'right', 'wrong', 'slip' (with code) or nil for an ordinary one
local function item_kind(item)
  local first = item[1]
  if not first or (first.t ~= 'Plain' and first.t ~= 'Para') then return nil end
  local head = first.content[1]
  if not head or head.t ~= 'Str' then return nil end
  if head.text == '☒' or head.text == '☑' then return 'right' end
  if head.text == '☐' then return 'wrong' end
  local s = stringify(first.content)
  for _, pair in ipairs { { '[', ']' }, { '【', '】' }, { '［', '］' } } do
    if s:sub(1, #pair[1]) == pair[1] then
      local close = s:find(pair[2], #pair[1] + 1, true)
      local mark = close and s:sub(#pair[1] + 1, close - 1)
      local inner = mark and trim(fold(mark))
      if inner and (inner == '' or ticks[inner]) then
        if pair[1] ~= '[' then return 'slip', 'option-wide', pair[1] .. mark .. pair[2] end
        local rest = s:sub(close + 1)
        if inner ~= '' and inner ~= 'x' and inner ~= 'X' then
          return 'slip', 'option-mark', '[' .. mark .. ']'
        end
        if rest == '' then return 'slip', 'option-empty', '' end
        if mark == '' then return 'slip', 'option-mark', '[]' end
        return 'slip', 'option-blank', '[' .. mark .. ']' .. trim(rest)
      end
    end
  end
  return nil
end

local function is_options(block)
  if block.t ~= 'BulletList' and block.t ~= 'OrderedList' then return false end
  for _, item in ipairs(block.content) do
    if item_kind(item) then return true end
  end
  return false
end

-- Takes "解析：" off the blocks' start; nil when they do not begin so.
local function strip_label(blocks, label)
  local first = blocks[1]
  if not first or (first.t ~= 'Para' and first.t ~= 'Plain') then return nil end
  local head = first.content[1]
  if not head or (head.t ~= 'Str' and head.t ~= 'Strong') then return nil end
  local s = stringify(head)
  local rest
  for _, colon in ipairs { '：', ':' } do
    if s:sub(1, #label + #colon) == label .. colon then rest = s:sub(#label + #colon + 1) end
  end
  if not rest and trim(s) == label and first.content[2] and first.content[2].t == 'Str' then
    local next_text = first.content[2].text -- **解析**：
    for _, colon in ipairs { '：', ':' } do
      if next_text:sub(1, #colon) == colon then
        local content = first.content:clone()
        content:remove(1)
        content[1] = pandoc.Str(next_text:sub(#colon + 1))
        rest = content
      end
    end
  end
  if not rest then return nil end
  local out = blocks:clone()
  local p = first:clone()
  if type(rest) == 'string' then
    p.content = first.content:clone()
    if head.t == 'Strong' and trim(rest) ~= '' then return nil end
    p.content[1] = pandoc.Str(rest)
  else
    p.content = rest
  end
  while p.content[1] and (p.content[1].t == 'Space' or p.content[1].t == 'SoftBreak'
      or (p.content[1].t == 'Str' and trim(p.content[1].text) == '')) do
    p.content:remove(1)
  end
  if #p.content == 0 then out:remove(1) else out[1] = p end
  return out
end

local function add_all(to, from)
  for _, x in ipairs(from) do to[#to + 1] = x end
end

local function read_options(list, q, slip)
  local seen = {}
  for n, item in ipairs(list.content) do
    local kind, code, what = item_kind(item)
    local line = item[1] and line_of(item[1]) or line_of(list)
    if kind == 'slip' then
      slip(code, line, what)
    elseif not kind then
      slip('option-plain', line, item[1] and trim(stringify(item[1])) or '')
    else
      local first = item[1]:clone()
      first.content:remove(1)
      if first.content[1] and first.content[1].t == 'Space' then first.content:remove(1) end
      local option = { right = kind == 'right', blocks = pandoc.List { first }, feedback = pandoc.List {}, line = line }
      for i = 2, #item do
        local block = item[i]
        if block.t == 'BlockQuote' then
          local explanation = strip_label(block.content, '解析')
          if explanation then
            add_all(q.explanation, explanation)
          else
            add_all(option.feedback, block.content)
          end
        elseif is_options(block) then
          local inner = block.content[1][1]
          slip('option-nested', inner and line_of(inner) or line, inner and trim(stringify(inner)) or '')
        else
          option.blocks:insert(block)
        end
      end
      local text = text_of(option.blocks)
      if text == '' and #first.content == 0 and #option.blocks == 1 then slip('option-empty', line, tostring(n)) end
      if seen[text] and text ~= '' then slip('option-same', line, text) end
      seen[text] = true
      q.options:insert(option)
    end
  end
end

---------------------------------------------------------------------------------------------------
-- Blanks

local function count_blanks(s)
  local count = 0
  s = s:gsub('\u{3000}', ' '):gsub('\u{A0}', ' ')
  for _ in s:gmatch('（ *）') do count = count + 1 end
  for _ in s:gmatch('%( +%)') do count = count + 1 end
  return count
end

-- （____）至（____）: two runs of _ make the text between them bold
local function underscore_lines(blocks, slip)
  for _, block in ipairs(blocks) do
    local line = line_of(block)
    local breaks = 0
    for _, el in ipairs(block.content or {}) do
      if el.t == 'SoftBreak' or el.t == 'LineBreak' then breaks = breaks + 1 end
      local s = stringify(el)
      local bold = (el.t == 'Strong' or el.t == 'Emph') and s:find('^[%s]*[）)]') and s:find('[（(]%s*$')
      if bold or (el.t == 'Str' and s:find('__', 1, true)) or (el.t == 'Str' and s:find('＿', 1, true)) then
        slip('underscore', line and line + breaks)
        break
      end
    end
  end
end

local function percent_decoded(s)
  return (s:gsub('%%(%x%x)', function(h) return string.char(tonumber(h, 16)) end))
end

return {
  line_of = line_of, fold = fold, trim = trim, text_of = text_of,
  after_number = after_number, read_heading = read_heading, lines_of = lines_of, key_of = key_of,
  split = split, read_keys = read_keys, is_options = is_options, strip_label = strip_label,
  add_all = add_all, read_options = read_options, count_blanks = count_blanks,
  underscore_lines = underscore_lines, percent_decoded = percent_decoded,
}
