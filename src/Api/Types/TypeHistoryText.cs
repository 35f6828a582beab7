using System.Globalization;
using System.Text;
using Relo.Core.Layouts;

namespace Relo.Api.Types;

/// <summary>The history of a type for people. Moved members are counted; what else changed is named.</summary>
internal static class TypeHistoryText
{
    private const int MostNamed = 20;
    private const string Moved = "moved";

    /// <summary>The text.</summary>
    public static string Of(TypeHistoryDocument document)
    {
        var text = new StringBuilder();
        Line(text, $"{document.Name}: {document.Layouts} layouts on {document.Present} of {document.Kernels} kernels");
        if (document.Unread > 0) Line(text, $"{document.Unread} more kernels are not read yet");
        TypeSpan? before = null;
        foreach (var span in document.Items)
        {
            if ((span.Distro, span.Arch, span.Flavour) != (before?.Distro, before?.Arch, before?.Flavour))
                Line(text, $"\n{span.Distro} {span.Arch} {span.Flavour}".TrimEnd());
            Span(text, span);
            before = span;
        }

        if (document.Next is not null) Line(text, $"\nmore: after={document.Next}");
        return text.ToString();
    }

    private static void Span(StringBuilder text, TypeSpan span)
    {
        var range = span.Kernels == 1 ? Release(span.From) : $"{Release(span.From)} to {Release(span.To)} ({span.Kernels} kernels)";
        var size = span.Layout is null ? "absent"
            : span.SizeBytes is { } bytes ? $"{bytes.ToString(CultureInfo.InvariantCulture)} bytes" : "";
        Line(text, $"  {range}  {size}".TrimEnd());
        var changes = span.Changes ?? [];
        foreach (var change in changes.Where(change => change.Change != Moved).Take(MostNamed))
            Line(text, $"      {change.Change,-18}{change.Path}{Detail(change)}");
        var others = changes.Count(change => change.Change != Moved) - MostNamed;
        if (others > 0) Line(text, $"      and {others} more");
        if (changes.Where(change => change.Change == Moved).ToList() is { Count: > 0 } moved)
        {
            var more = moved.Count == 1 ? "" : $", and {moved.Count - 1} more";
            Line(text, $"      moved             {moved[0].Path}{Detail(moved[0])}{more}");
        }
    }

    private static string Detail(LayoutChange change) => (change.From, change.To) switch
    {
        ({ } from, { } to) when change.Change == "renamed" => $" (was {from.Name})",
        ({ Value: { } from }, { Value: { } to }) => $" {from} -> {to}",
        ({ } from, { } to) when change.Change == "retyped" => $" {from.Type} -> {to.Type}",
        ({ OffsetBytes: not null } from, { } to) when change.Change == "resized" => $" {from.SizeBytes} -> {to.SizeBytes} bytes",
        ({ } from, { } to) => FormattableString.Invariant($" {from.OffsetBytes} -> {to.OffsetBytes}"),
        _ => "",
    };

    private static string Release(string id) => id[(id.LastIndexOf('/') + 1)..];

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
