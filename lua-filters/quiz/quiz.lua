-- quiz: reads questions written as 题目 Markdown and gives each back as one Div.
--
-- A question becomes Div.question with attributes (type, points, …) and the children Div.stem,
-- Div.option (with Div.feedback) and Div.explanation; a pool's heading is followed by Div.pool. What
-- is wrong becomes Div.quiz-slip with code, line and the words a and b; the wording of messages is
-- not decided here. Runs under pandoc too, then without source lines.

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
local truth = {
  ['对'] = 'true', ['正确'] = 'true', ['√'] = 'true', ['✓'] = 'true', ['✔'] = 'true', ['是'] = 'true', t = 'true',
  ['true'] = 'true', ['错'] = 'false', ['错误'] = 'false', ['×'] = 'false', ['✗'] = 'false', ['✘'] = 'false',
  ['否'] = 'false', f = 'false', ['false'] = 'false',
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

---------------------------------------------------------------------------------------------------
-- One question

local function div(class, blocks, attributes)
  return pandoc.Div(blocks, pandoc.Attr('', { class }, attributes or {}))
end

-- Order, match, scenario and short answer: each takes the blocks that are its own out of `blocks`.

-- "（+3）", "(2分)" at the end: the text before, the number
local function trailing_points(s)
  local folded = fold(s):gsub('−', '-'):gsub('分%s*%)%s*$', ')')
  local number = folded:match('%(%s*([+-]?%d+%.?%d*)%s*%)%s*$')
  if not number then return s end
  local at
  for _, open in ipairs { '（', '(' } do
    local from = 1
    while true do
      local hit = s:find(open, from, true)
      if not hit then break end
      if not at or hit > at then at = hit end
      from = hit + #open
    end
  end
  return trim(s:sub(1, at - 1)), tonumber(number)
end

-- The inlines without "（2分）" at their end, and the number.
local function without_points(content)
  local text = stringify(content)
  local _, points = trailing_points(text)
  if not points then return content, nil end
  local out = content:clone()
  local tail = ''
  while #out > 0 do
    local last = out[#out]
    if last.t ~= 'Str' and last.t ~= 'Space' then return content, nil end
    tail = (last.t == 'Str' and last.text or ' ') .. tail
    out:remove()
    local before, found = trailing_points(tail)
    if found then
      if before ~= '' then out:insert(pandoc.Str(before)) end
      while #out > 0 and out[#out].t == 'Space' do out:remove() end
      return out, points
    end
  end
  return content, nil
end

local function percent_decoded(s)
  return (s:gsub('%%(%x%x)', function(h) return string.char(tonumber(h, 16)) end))
end

local function rows_of(tbl)
  local rows = {}
  for _, body in ipairs(tbl.bodies or {}) do
    for _, row in ipairs(body.body or {}) do rows[#rows + 1] = row end
  end
  return rows
end

local function with_line(block, attributes)
  local line = block and line_of(block)
  if line then attributes[#attributes + 1] = { 'line', tostring(line) } end
  return attributes
end

local parts = {}

function parts.order(q, blocks, slip, line)
  local kept = {}
  for _, block in ipairs(blocks) do
    if block.t == 'OrderedList' and not q.parts then
      q.parts = {}
      local last = line_of(block)
      for n, item in ipairs(block.content) do
        local at = item[1] and line_of(item[1]) or (last and n > 1 and last + 1 or last)
        last = at
        if text_of(item) == '' then slip('item-empty', at) end
        table.insert(q.parts, { class = 'item', blocks = item, attributes = with_line(item[1], {}) })
      end
    else
      kept[#kept + 1] = block
    end
  end
  if not q.parts then slip('order-list', line) end
  if q.parts and #q.parts < 2 then slip('order-few', line) end
  return kept
end

function parts.match(q, blocks, slip, line)
  local kept = {}
  for _, block in ipairs(blocks) do
    if block.t == 'Table' and not q.parts then
      q.parts = {}
      local pairs_found, bad = 0, false
      local top = line_of(block)
      for n, row in ipairs(rows_of(block)) do
        local cells = row.cells
        local at = top and top + n + 1 -- below the head and its rule
        if #cells ~= 2 then
          slip('match-columns', at, tostring(#cells))
          bad = true
          break
        end
        local left, right = text_of(cells[1].contents), text_of(cells[2].contents)
        if right == '' then
          slip('match-empty', at, left)
          bad = true
        else
          if left ~= '' then pairs_found = pairs_found + 1 end
          table.insert(q.parts, { class = left == '' and 'distractor' or 'pair',
            attributes = at and { { 'line', tostring(at) } } or {},
            blocks = left == '' and cells[2].contents
              or { { 'left', cells[1].contents }, { 'right', cells[2].contents } } })
        end
      end
      if pairs_found == 0 and not bad then slip('match-none', line) end
    else
      kept[#kept + 1] = block
    end
  end
  if not q.parts then slip('match-table', line) end
  return kept
end

function parts.scenario(q, blocks, slip, line)
  local kept, nodes, node = {}, {}, nil
  for _, block in ipairs(blocks) do
    if block.t == 'Header' then
      node = { name = trim(stringify(block.content)), id = block.identifier, text = pandoc.List {}, choices = {},
        line = line_of(block) }
      nodes[#nodes + 1] = node
    elseif not node then
      kept[#kept + 1] = block
    elseif block.t == 'BulletList' and #node.choices == 0 then
      for _, item in ipairs(block.content) do
        local first = item[1]
        local link = first and (first.t == 'Plain' or first.t == 'Para') and first.content[1]
        local at = first and line_of(first) or node.line
        if not link or link.t ~= 'Link' or link.target:sub(1, 1) ~= '#' then
          slip('choice-link', at, first and trim(stringify(item)) or '')
        else
          local rest = first.content:clone()
          rest:remove(1)
          local after, points = trailing_points(stringify(rest))
          if trim(after) ~= '' then slip('choice-tail', at, trim(after)) end
          table.insert(node.choices, { text = link.content, to = percent_decoded(link.target:sub(2)),
            points = points or 0, line = at })
        end
      end
    else
      local explanation = block.t == 'BlockQuote' and strip_label(block.content, '解析')
      if explanation then
        add_all(q.explanation, explanation)
      else
        node.text:insert(block)
      end
    end
  end
  if #nodes == 0 then
    slip('scenario-nodes', line)
    return kept
  end
  local by_name = {}
  for _, n in ipairs(nodes) do
    local key = fold(n.name):lower()
    if by_name[key] then
      slip('node-twice', n.line, n.name)
      n.twice = true
    else
      by_name[key] = n
    end
  end
  local by_id = {}
  for _, n in ipairs(nodes) do
    if n.id and n.id ~= '' then by_id[n.id] = n end
  end
  local function found(to)
    return by_name[fold(to):lower()] or by_id[to] or by_name[fold((to:gsub('-', ' '))):lower()]
  end
  -- reachable from the first one; able to reach an ending
  local choices, endless = 0, false
  for _, n in ipairs(nodes) do
    for _, c in ipairs(n.choices) do
      choices = choices + 1
      c.node = found(c.to)
      if not c.node then slip('node-missing', c.line, c.to) end
    end
  end
  local reached, todo = { [nodes[1]] = true }, { nodes[1] }
  while #todo > 0 do
    local n = table.remove(todo)
    for _, c in ipairs(n.choices) do
      if c.node and not reached[c.node] then
        reached[c.node] = true
        todo[#todo + 1] = c.node
      end
    end
  end
  local ends, changed = {}, true
  while changed do
    changed = false
    for _, n in ipairs(nodes) do
      local good = #n.choices == 0
      for _, c in ipairs(n.choices) do
        if c.node and ends[c.node] then good = true end
      end
      if good and not ends[n] then
        ends[n] = true
        changed = true
      end
    end
  end
  for _, n in ipairs(nodes) do
    if not reached[n] and not n.twice then slip('node-unreached', n.line, n.name) end
    if reached[n] and not ends[n] and not endless then
      slip('node-endless', n.line, n.name)
      endless = true
    end
  end
  if choices == 0 then slip('scenario-choices', line) end
  q.parts = {}
  for _, n in ipairs(nodes) do
    local inside = { { 'text', n.text } }
    for _, c in ipairs(n.choices) do
      local attributes = { { 'to', c.node and c.node.name or c.to }, { 'points', tostring(c.points) } }
      if c.line then attributes[3] = { 'line', tostring(c.line) } end
      inside[#inside + 1] = { 'choice', { pandoc.Plain(c.text) }, attributes }
    end
    local attributes = { { 'name', n.name } }
    if n.line then attributes[2] = { 'line', tostring(n.line) } end
    table.insert(q.parts, { class = 'node', blocks = inside, attributes = attributes })
  end
  return kept
end

function parts.short(q, blocks, slip, line)
  local kept, rubric = {}, false
  q.parts = {}
  for _, block in ipairs(blocks) do
    local reference = block.t == 'BlockQuote' and strip_label(block.content, '参考答案')
    local label = (block.t == 'Para' or block.t == 'Plain') and strip_label(pandoc.List { block }, '评分要点')
    if reference then
      q.reference = true
      table.insert(q.parts, { class = 'reference', blocks = reference, attributes = with_line(block, {}) })
    elseif label then
      rubric = true
    elseif rubric and (block.t == 'BulletList' or block.t == 'OrderedList') then
      rubric = false
      q.rubric = true
      for _, item in ipairs(block.content) do
        local first = item[1]
        local attributes = with_line(first, {})
        if first and (first.t == 'Plain' or first.t == 'Para') then
          local content, points = without_points(first.content)
          if points then attributes[#attributes + 1] = { 'points', tostring(points) } end
          table.insert(q.parts, { class = 'rubric', blocks = { pandoc.Plain(content) }, attributes = attributes })
        end
      end
    else
      kept[#kept + 1] = block
    end
  end
  if rubric then slip('rubric-list', line) end
  if not q.reference and not q.rubric then slip('short-reference', line) end
  return kept
end

-- HTML is not shown, so what it says would be lost: told once a block.
local function html_lines(blocks, slip)
  for _, block in ipairs(blocks) do
    local found
    if block.t == 'BulletList' or block.t == 'OrderedList' then
      for _, item in ipairs(block.content) do html_lines(item, slip) end
      goto next
    end
    pandoc.Blocks { block }:walk {
      RawInline = function(r) found = found or r.text end,
      RawBlock = function(r) found = found or r.text:match '^[^\n]*' end,
    }
    if found then slip('html', line_of(block), found) end
    ::next::
  end
end

-- `blocks` follow the heading. Returns the Div, or nil when there is an error, and the blocks that
-- do not belong to the question.
local function read_question(header, content, kind, blocks, pool, slip, failed)
  local q = { options = pandoc.List {}, explanation = pandoc.List {}, stem = pandoc.List {} }
  local info, rest = {}, {}
  local line = line_of(header)
  local after = false -- the stem is over
  html_lines({ header }, slip)
  html_lines(blocks, slip)
  if parts[kind] then blocks = parts[kind](q, blocks, slip, line) end
  for _, block in ipairs(blocks) do
    local explanation = block.t == 'BlockQuote' and strip_label(block.content, '解析')
      or (block.t == 'Para' and strip_label(pandoc.List { block }, '解析')) or nil
    if read_keys(block, info, slip) then
      if info.answer then after = true end
    elseif explanation then
      add_all(q.explanation, explanation)
      after = true
    elseif is_options(block) and #q.options == 0 then
      read_options(block, q, slip)
      q.list = true
      after = true
    elseif is_options(block) then
      slip('list-twice', line_of(block) or line)
    elseif after then
      rest[#rest + 1] = block
    else
      q.stem:insert(block)
    end
  end

  local heading = pandoc.Plain(content)
  local stem = pandoc.List {}
  if #content > 0 then stem:insert(heading) end
  add_all(stem, q.stem)
  local stem_text = trim(stringify(stem))
  if stem_text == '' then slip('stem-empty', line) end
  underscore_lines({ header }, slip)
  underscore_lines(q.stem, slip)

  local attributes = {}
  local right = 0
  for _, o in ipairs(q.options) do
    if o.right then right = right + 1 end
  end
  if not kind then kind = right > 1 and 'multiple' or 'single' end
  attributes[1] = { 'type', kind }

  if kind == 'single' or kind == 'multiple' then
    if not q.list then
      slip('no-options', line)
    elseif not failed() then
      if #q.options < 2 then slip('few-options', line) end
      if right == 0 then slip('no-right', line) end
      if kind == 'single' and right > 1 then slip('two-right', line, tostring(right)) end
      if kind == 'multiple' and right == 1 then slip('one-right', line) end
    end
    if info.answer then slip('answer-and-options', info.answer.line) end
  elseif kind == 'truefalse' then
    local answer = info.answer and truth[fold(info.answer.text):lower()]
    if not answer and not info.answer and q.list then -- - [x] 对
      for _, o in ipairs(q.options) do
        if o.right and right == 1 then answer = truth[text_of(o.blocks):lower()] end
      end
    end
    if info.answer and not answer then
      slip('answer-bad', info.answer.line, info.answer.text)
    elseif not answer then
      slip('no-answer', line)
    end
    attributes[#attributes + 1] = { 'answer', answer or '' }
  elseif kind == 'fill' then
    local blanks = count_blanks(stringify(stem))
    if not info.answer or info.answer.text == '' then
      slip('no-answer', info.answer and info.answer.line or line)
    elseif not failed() then
      local answers = split(info.answer.text, { '；', ';' })
      if answers[#answers] and trim(answers[#answers]) == '' then table.remove(answers) end
      if blanks == 0 then
        slip('no-blank', line)
      elseif #answers ~= blanks then
        slip('blank-count', info.answer.line, tostring(blanks), tostring(#answers))
      end
      attributes[#attributes + 1] = { 'answer', table.concat(answers, '；') }
    end
    attributes[#attributes + 1] = { 'blanks', tostring(blanks) }
  end

  if info.points then
    local n = tonumber((fold(info.points.text):gsub('分$', '')))
    if n and n > 0 and n <= 1000 then
      attributes[#attributes + 1] = { 'points', n == math.floor(n) and tostring(math.floor(n)) or tostring(n) }
    else
      slip('points-bad', info.points.line, info.points.text)
    end
  end
  if info.difficulty then attributes[#attributes + 1] = { 'difficulty', info.difficulty.text } end
  if info.tags then
    local tags = {}
    for _, t in ipairs(split(info.tags.text, { '、', '，', ',', '；', ';' })) do
      if trim(t) ~= '' then tags[#tags + 1] = trim(t) end
    end
    attributes[#attributes + 1] = { 'tags', table.concat(tags, '｜') }
  end
  if info.red then
    local red = truth[fold(info.red.text):lower()]
    if not red then slip('red-bad', info.red.line, info.red.text) end
    if red == 'true' then attributes[#attributes + 1] = { 'red-line', 'true' } end
  end
  if info.scoring then
    local how = fold(info.scoring.text)
    if kind ~= 'multiple' then
      slip('scoring-kind', info.scoring.line)
    elseif how == '漏选得半' then
      attributes[#attributes + 1] = { 'partial', 'half' }
    elseif how ~= '全对' then
      slip('scoring-bad', info.scoring.line, info.scoring.text)
    end
  end
  if info.pick then slip('pick-place', info.pick.line, info.pick.name) end
  if info.from then slip('pick-place', info.from.line, info.from.name) end
  if pool then attributes[#attributes + 1] = { 'pool', pool } end
  if line then attributes[#attributes + 1] = { 'stem-line', tostring(line) } end
  if failed() then return nil, rest end

  local children = { div('stem', stem) }
  if kind == 'single' or kind == 'multiple' then
    for _, o in ipairs(q.options) do
      local inside = pandoc.List {}
      add_all(inside, o.blocks)
      if #o.feedback > 0 then inside:insert(div('feedback', o.feedback)) end
      local how = { { 'correct', o.right and 'true' or 'false' } }
      if o.line then how[2] = { 'line', tostring(o.line) } end
      children[#children + 1] = div('option', inside, how)
    end
  end
  for _, part in ipairs(q.parts or {}) do
    local inside = part.blocks
    if inside[1] and not inside[1].t then -- Divs by name
      local divs = {}
      for _, d in ipairs(inside) do divs[#divs + 1] = div(d[1], d[2], d[3]) end
      inside = divs
    end
    children[#children + 1] = div(part.class, inside, part.attributes)
  end
  if #q.explanation > 0 then children[#children + 1] = div('explanation', q.explanation) end
  local id = info.id and info.id.text or ''
  return pandoc.Div(children, pandoc.Attr(id, { 'question' }, attributes)), rest
end

---------------------------------------------------------------------------------------------------
-- A page

local warnings = { ['node-unreached'] = true, ['unknown-key'] = true, ['one-right'] = true, ['option-same'] = true, ['choice-tail'] = true,
  ['outside'] = true, ['html'] = true, ['answer-and-options'] = true, ['scoring-kind'] = true, ['pick-place'] = true,
  ['key-twice'] = true }

local function section_of(text)
  if text == '测验' or text == '题库' then return true end
  local name = text:match('^题库%s*:%s*(.+)$')
  return name ~= nil, name
end

local function has_answer(blocks)
  for _, b in ipairs(blocks) do
    if is_options(b) then return true end
    if b.t == 'Para' and key_of(lines_of(b)[1].text) then return true end
  end
  return false
end

-- "3、甲是什么？" above a list: a question whose options nobody marked
local function numbered_list(header, blocks)
  local first = header.content[1]
  if not first or first.t ~= 'Str' or not after_number(first.text) then return false end
  for _, b in ipairs(blocks) do
    if b.t == 'BulletList' then return true end
  end
  return false
end

-- Where 来自 leads: its links, else what is written, parted as tags are.
local function targets_of(block, from)
  local out = pandoc.List {}
  block:walk { Link = function(l) out:insert(percent_decoded(l.target)) end }
  if #out > 0 then return out end
  for _, t in ipairs(split(from.text, { '、', '，', ',', '；', ';' })) do
    if trim(t) ~= '' then out:insert(trim(t)) end
  end
  return out
end

-- `nested`: of another page, whose questions are wanted; its own 来自 is not followed.
local function recognise(blocks, quiz_page, nested)
  local out = pandoc.List {}
  local section, pool -- level of the open section; name of the open pool
  local pool_level
  local function slip_div(code, line, a, b)
    local attributes = { { 'code', code }, { 'level', warnings[code] and 'warning' or 'error' } }
    if line then attributes[#attributes + 1] = { 'line', tostring(line) } end
    if a then attributes[#attributes + 1] = { 'a', a } end
    if b then attributes[#attributes + 1] = { 'b', b } end
    out:insert(pandoc.Div({}, pandoc.Attr('', { 'quiz-slip' }, attributes)))
  end
  local i = 1
  while i <= #blocks do
    local block = blocks[i]
    i = i + 1
    if block.t ~= 'Header' then
      out:insert(block)
    else
      local is_section, name = section_of(text_of(block.content))
      local content, kind, word
      if is_section then
        if name then
          pool, pool_level = name, block.level
        else
          pool = nil
        end
        if not section or block.level <= section then section = block.level end
        out:insert(block)
        if name then
          local info, questions = {}, pandoc.List {}
          local attributes = { { 'name', name } }
          local keys_block = blocks[i]
          if keys_block and read_keys(keys_block, info, slip_div) then i = i + 1 end
          if info.pick then
            local n = tonumber((fold(info.pick.text):gsub('题$', '')))
            if n and n >= 1 and n == math.floor(n) then
              attributes[#attributes + 1] = { 'pick', tostring(math.floor(n)) }
            else
              slip_div('pick-bad', info.pick.line, info.pick.text)
            end
          end
          local line = line_of(block)
          if line then attributes[#attributes + 1] = { 'line', tostring(line) } end
          if info.from and nested then
            attributes[#attributes + 1] = { 'from', info.from.text }
          elseif info.from then
            local files
            questions, files = require 'pools'(name, targets_of(keys_block, info.from), info.from.line,
              function(other, whole) return recognise(other, whole, true) end, fold, slip_div)
            attributes[#attributes + 1] = { 'from', table.concat(files, '｜') }
            if info.from.line then attributes[#attributes + 1] = { 'from-line', tostring(info.from.line) } end
          end
          out:insert(pandoc.Div({}, pandoc.Attr('', { 'pool' }, attributes)))
          out:extend(questions)
        end
      else
        content, kind, word = read_heading(block.content)
        -- what belongs to the heading: up to the next one or a rule; a scenario has headings inside
        local last = i - 1
        while blocks[last + 1] do
          local b = blocks[last + 1]
          if b.t == 'Header' and (kind ~= 'scenario' or b.level <= block.level) then break end
          if b.t == 'HorizontalRule' then break end
          last = last + 1
        end
        local below = pandoc.List {}
        for k = i, last do below:insert(blocks[k]) end
        local active = quiz_page or section
        local is_question = kind
        if active and not kind then
          for _, b in ipairs(below) do
            if is_options(b) then is_question = true end
          end
        end
        if not active then
          if kind and not parts[kind] and has_answer(below) then
            slip_div('outside', line_of(block), word)
          end
          is_question = nil
        end
        local lost = active and not is_question and (has_answer(below) or numbered_list(block, below))
        if lost then
          local unknown = stringify(block.content):match '【(.-)】'
          slip_div(unknown and 'type-unknown' or 'type-missing', line_of(block), unknown or text_of(block.content))
        end
        if not is_question then
          if section and block.level <= section then section = nil end
          if pool and block.level <= pool_level then pool = nil end
          out:insert(block)
        else
          local bad = false
          local function slip(code, line, a, b)
            if not warnings[code] then bad = true end
            slip_div(code, line, a, b)
          end
          local question, rest = read_question(block, content, kind, below, pool, slip, function()
            return bad
          end)
          if question then
            out:insert(question)
            add_all(out, rest)
          else
            out:insert(block)
            add_all(out, below)
          end
          i = last + 1
        end
      end
    end
  end
  return out
end

function Pandoc(doc)
  local quiz_page = doc.meta.quiz ~= nil and doc.meta.quiz ~= false
  return pandoc.Pandoc(recognise(doc.blocks, quiz_page), doc.meta)
end

return {
  {
    Pandoc = Pandoc,
    -- read by anjian only: on all other pages this filter is not even started
    needs = {
      meta = { 'quiz' },
      heading = { '测验', '题库', '单选', '多选', '判断', '填空', '选择题', '排序', '匹配', '情景', '简答' },
    },
  },
}
