-- quiz: reads questions written as 题目 Markdown and gives each back as one Div.
--
-- A question becomes Div.question with attributes (type, points, …) and the children Div.stem,
-- Div.option (with Div.feedback) and Div.explanation; a pool's heading is followed by Div.pool. What
-- is wrong becomes Div.quiz-slip with code, line and the words a and b; the wording of messages is
-- not decided here. Runs under pandoc too, then without source lines.

-- Its other files lie beside it; anjian finds them itself.
if not anjian then package.path = pandoc.path.directory(PANDOC_SCRIPT_FILE) .. '/?.lua;' .. package.path end
local parts = require 'parts'
local marks = require 'marks'
local stringify = pandoc.utils.stringify
local line_of, fold, trim, text_of = marks.line_of, marks.fold, marks.trim, marks.text_of

local truth = {
  ['对'] = 'true', ['正确'] = 'true', ['√'] = 'true', ['✓'] = 'true', ['✔'] = 'true', ['是'] = 'true', t = 'true',
  ['true'] = 'true', ['错'] = 'false', ['错误'] = 'false', ['×'] = 'false', ['✗'] = 'false', ['✘'] = 'false',
  ['否'] = 'false', f = 'false', ['false'] = 'false',
}

local function div(class, blocks, attributes)
  return pandoc.Div(blocks, pandoc.Attr('', { class }, attributes or {}))
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
    local explanation = block.t == 'BlockQuote' and marks.strip_label(block.content, '解析')
      or (block.t == 'Para' and marks.strip_label(pandoc.List { block }, '解析')) or nil
    if marks.read_keys(block, info, slip) then
      if info.answer then after = true end
    elseif explanation then
      marks.add_all(q.explanation, explanation)
      after = true
    elseif marks.is_options(block) and #q.options == 0 then
      marks.read_options(block, q, slip)
      q.list = true
      after = true
    elseif marks.is_options(block) then
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
  marks.add_all(stem, q.stem)
  local stem_text = trim(stringify(stem))
  if stem_text == '' then slip('stem-empty', line) end
  marks.underscore_lines({ header }, slip)
  marks.underscore_lines(q.stem, slip)

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
    local blanks = marks.count_blanks(stringify(stem))
    if not info.answer or info.answer.text == '' then
      slip('no-answer', info.answer and info.answer.line or line)
    elseif not failed() then
      local answers = marks.split(info.answer.text, { '；', ';' })
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
    for _, t in ipairs(marks.split(info.tags.text, { '、', '，', ',', '；', ';' })) do
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
      marks.add_all(inside, o.blocks)
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
    if marks.is_options(b) then return true end
    if b.t == 'Para' and marks.key_of(marks.lines_of(b)[1].text) then return true end
  end
  return false
end

-- "3、甲是什么？" above a list: a question whose options nobody marked
local function numbered_list(header, blocks)
  local first = header.content[1]
  if not first or first.t ~= 'Str' or not marks.after_number(first.text) then return false end
  for _, b in ipairs(blocks) do
    if b.t == 'BulletList' then return true end
  end
  return false
end

-- Where 来自 leads: its links, else what is written, parted as tags are.
local function targets_of(block, from)
  local out = pandoc.List {}
  block:walk { Link = function(l) out:insert(marks.percent_decoded(l.target)) end }
  if #out > 0 then return out end
  for _, t in ipairs(marks.split(from.text, { '、', '，', ',', '；', ';' })) do
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
          if keys_block and marks.read_keys(keys_block, info, slip_div) then i = i + 1 end
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
        content, kind, word = marks.read_heading(block.content)
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
            if marks.is_options(b) then is_question = true end
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
            marks.add_all(out, rest)
          else
            out:insert(block)
            marks.add_all(out, below)
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
