/// Asks .NET, with ICU, how cultures write numbers and dates: a line for each, its fields behind tabs.
module Cultures

open System
open System.Globalization

let names =
    "en en-US en-GB en-AU en-CA en-IE en-IN en-NZ en-ZA de de-DE de-AT de-CH fr fr-FR fr-BE fr-CA fr-CH es es-ES es-AR es-MX it it-IT it-CH \
     pt pt-BR pt-PT nl nl-NL nl-BE sv sv-SE nb nb-NO da da-DK fi fi-FI is is-IS et et-EE lv lv-LV lt lt-LT pl pl-PL cs cs-CZ sk sk-SK hu hu-HU \
     ro ro-RO bg bg-BG hr hr-HR sl sl-SI el el-GR tr tr-TR ru ru-RU uk uk-UA he he-IL hi hi-IN id id-ID vi vi-VN ja ja-JP zh zh-CN zh-TW ko ko-KR"

let sizes (groups: int[]) = groups |> Array.map string |> String.concat ","
let words (names: string[]) = String.concat "," names

let fields (c: CultureInfo) : string list =
    let n, d, t = c.NumberFormat, c.DateTimeFormat, c.TextInfo
    [ c.EnglishName; c.NativeName; c.TwoLetterISOLanguageName; c.ThreeLetterISOLanguageName; string c.LCID
      n.NumberDecimalSeparator; n.NumberGroupSeparator; sizes n.NumberGroupSizes; string n.NumberDecimalDigits; string n.NumberNegativePattern
      n.CurrencySymbol; n.CurrencyDecimalSeparator; n.CurrencyGroupSeparator; sizes n.CurrencyGroupSizes; string n.CurrencyDecimalDigits
      string n.CurrencyPositivePattern; string n.CurrencyNegativePattern
      n.PercentSymbol; n.PercentDecimalSeparator; n.PercentGroupSeparator; sizes n.PercentGroupSizes; string n.PercentDecimalDigits
      string n.PercentPositivePattern; string n.PercentNegativePattern
      n.PerMilleSymbol; n.NegativeSign; n.PositiveSign; n.NaNSymbol; n.PositiveInfinitySymbol; n.NegativeInfinitySymbol
      d.ShortDatePattern; d.LongDatePattern; d.ShortTimePattern; d.LongTimePattern; d.FullDateTimePattern; d.MonthDayPattern; d.YearMonthPattern
      d.DateSeparator; d.TimeSeparator; d.AMDesignator; d.PMDesignator; string (int d.FirstDayOfWeek); string (int d.CalendarWeekRule)
      words d.MonthNames; words d.AbbreviatedMonthNames; words d.MonthGenitiveNames; words d.AbbreviatedMonthGenitiveNames
      words d.DayNames; words d.AbbreviatedDayNames; words d.ShortestDayNames
      d.GetEraName 1; d.GetAbbreviatedEraName 1; t.ListSeparator; (if t.IsRightToLeft then "1" else "0") ]

[<EntryPoint>]
let main _ =
    Console.OutputEncoding <- Text.Encoding.UTF8
    for name in Array.append [| "" |] (names.Split([| ' ' |], StringSplitOptions.RemoveEmptyEntries)) do
        let c = CultureInfo(name, false)
        printfn "%s\t%s" c.Name (String.concat "\t" (fields c))
    0
