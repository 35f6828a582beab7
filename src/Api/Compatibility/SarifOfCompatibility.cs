using Relo.Api.Compatibility.Sarif;
using Relo.Core.Bytes;
using Relo.Core.Compatibility;

namespace Relo.Api.Compatibility;

/// <summary>
/// Writes a compatibility document for code review. The document groups by kernel, a review by line: each access that does not exist on
/// some kernels is one result. A fault of the archive is a notification, not a result, and makes the run unsuccessful.
/// </summary>
internal static class SarifOfCompatibility
{
    private const string Schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json";
    private const int KernelsInMessage = 3;

    private static readonly string Version = typeof(SarifOfCompatibility).Assembly.GetName().Version!.ToString(3);

    /// <summary>The log of a document.</summary>
    /// <param name="document">The document.</param>
    /// <param name="problem">The problem, if the response is one.</param>
    public static SarifLog Of(CompatibilityDocument document, SarifProblem? problem)
    {
        var tool = new SarifTool(new("Relo", Version, Version, SarifRules.All));
        var notifications = document.Groups.Where(group => group.Failure is { IsOfObject: false }).Select(Notification).ToList();
        var name = document.Object.Name;
        var artifact = new SarifArtifact(name is null ? null : new(SourcePlace.UriOf(name)), document.Object.SizeBytes,
            new(document.Object.Sha256["sha256:".Length..]), ["analysisTarget"]);
        var lacking = Lacking(document);
        // Each result is created when it is written.
        var results = document.Groups.Where(group => group.Failure is { IsOfObject: true }).Select(group => Failure(group, document))
            .Concat(lacking.Where(pair => pair.Key.Reachable).Concat(lacking.Where(pair => !pair.Key.Reachable))
                .Select(pair => Access(pair.Key, pair.Value, document)));
        return new(Schema, "2.1.0",
            [new(tool, [new(notifications.Count == 0, notifications)], [artifact], results, "unicodeCodePoints",
            new SarifCounts(document.Kernels, document.Verdicts))], problem);
    }

    // The groups of kernels that lack each access.
    private static OrderedDictionary<MissingAccess, List<CompatibilityGroup>> Lacking(CompatibilityDocument document)
    {
        var groups = new OrderedDictionary<MissingAccess, List<CompatibilityGroup>>();
        foreach (var group in document.Groups)
        {
            foreach (var access in group.Missing)
            {
                if (!groups.TryGetValue(access, out var lacking)) groups.Add(access, lacking = []);
                lacking.Add(group);
            }
        }

        return groups;
    }

    private static SarifResult Access(MissingAccess access, List<CompatibilityGroup> groups, CompatibilityDocument document)
    {
        var rule = access.Reachable ? SarifRules.Broken : SarifRules.Guarded;
        var outcome = !access.Reachable ? "it is never reached there"
            : $"the verifier will reject {access.Program ?? "the program"} "
                + $"there{(access.Optional ? ", which is loaded only on request" : "")}";
        // A program that is loaded only on request does not break the object.
        var level = access is { Reachable: true, Optional: true } ? "warning" : rule.DefaultConfiguration.Level;
        return new(rule.Id, SarifRules.IndexOf(rule), level,
            new($"{access.Local} does not exist ({access.Reason}) on {Kernels(groups, document.Kernels)}; {outcome}"),
            SourcePlace.Of(access.Source, access.Program, document.Object.Name),
            Fingerprint(rule, access.Local, access.Reason, access.Program, access.Source?.File, access.Source?.Text),
            new(access.Reason, access.Local, access.Program, groups.SelectMany(group => group.Kernels)));
    }

    private static SarifResult Failure(CompatibilityGroup group, CompatibilityDocument document)
    {
        var (rule, failure) = (SarifRules.Failed, group.Failure!);
        return new(rule.Id, SarifRules.IndexOf(rule), rule.DefaultConfiguration.Level,
            new($"{failure.Detail}; on {Kernels([group], document.Kernels)}"),
            SourcePlace.Of(failure.Source, failure.Program, document.Object.Name),
            Fingerprint(rule, failure.Detail, failure.Code, failure.Program, failure.Source?.File, failure.Source?.Text),
            new(failure.Code, null, failure.Program, group.Kernels));
    }

    private static SarifNotification Notification(CompatibilityGroup group)
        => new(new(group.Failure!.Code), "error", new($"{Named([group])}: {group.Failure.Detail}"), new(group.Kernels));

    private static string Kernels(List<CompatibilityGroup> groups, int of) =>
        $"{groups.Sum(group => group.Kernels.Count)} of {of} kernels ({Named(groups)})";

    private static string Named(List<CompatibilityGroup> groups)
    {
        var more = groups.Sum(group => group.Kernels.Count) - KernelsInMessage;
        return string.Join(", ", groups.SelectMany(group => group.Kernels).Take(KernelsInMessage)) + (more > 0 ? $" and {more} more" : "");
    }

    // Without the line, which moves with every edit above it.
    private static SarifFingerprints Fingerprint(SarifRule rule, params ReadOnlySpan<string?> parts)
        => new(Digest.Of(System.Text.Encoding.UTF8.GetBytes($"{rule.Id}\n{string.Join('\n', parts)}")).Hex);
}
