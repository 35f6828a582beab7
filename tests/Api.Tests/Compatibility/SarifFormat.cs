using System.Text.Json.Nodes;

namespace Relo.Api.Tests.Compatibility;

/// <summary>
/// The schema of SARIF 2.1.0 for the objects that Relo writes: allowed and required members. Other members and nulls are not allowed.
/// </summary>
internal static class SarifFormat
{
    private static readonly string[] Levels = ["none", "note", "warning", "error"];
    private static readonly string[] ColumnKinds = ["utf16CodeUnits", "unicodeCodePoints"];

    // object: member[!]:object of the member; ! where it must be there, [] where it is an array, - where it is a plain value, * where the
    // schema leaves it open
    private static readonly Dictionary<string, string> Objects = new(StringComparer.Ordinal)
    {
        ["sarifLog"] = "$schema:- version!:- runs!:run[] inlineExternalProperties:*[] properties:*",
        ["run"] =
            "tool!:tool invocations:invocation[] artifacts:artifact[] results:result[] columnKind:- automationDetails:* "
                + "originalUriBaseIds:* defaultSourceLanguage:- properties:*",
        ["tool"] = "driver!:toolComponent extensions:toolComponent[] properties:*",
        ["toolComponent"] =
            "name!:- version:- semanticVersion:- informationUri:- organization:- rules:reportingDescriptor[] "
                + "notifications:reportingDescriptor[] properties:*",
        ["reportingDescriptor"] =
            "id!:- name:- shortDescription:text fullDescription:text help:text helpUri:- defaultConfiguration:reportingConfiguration "
                + "properties:*",
        ["reportingConfiguration"] = "enabled:- level:- rank:- parameters:* properties:*",
        ["text"] = "text!:- markdown:- properties:*",
        ["invocation"] =
            "executionSuccessful!:- toolExecutionNotifications:notification[] toolConfigurationNotifications:notification[] "
                + "startTimeUtc:- endTimeUtc:- properties:*",
        ["notification"] =
            "message!:message level:- descriptor:reportingDescriptorReference associatedRule:reportingDescriptorReference "
                + "locations:location[] timeUtc:- properties:*",
        ["reportingDescriptorReference"] = "id:- index:- guid:- toolComponent:* properties:*",
        ["artifact"] = "location:artifactLocation length:- hashes:* roles:-[] mimeType:- sourceLanguage:- parentIndex:- properties:*",
        ["result"] =
            "ruleId:- ruleIndex:- rule:* kind:- level:- message!:message locations:location[] analysisTarget:artifactLocation "
                + "occurrenceCount:- partialFingerprints:* fingerprints:* rank:- properties:*",
        ["message"] = "text!:- markdown:- id:- arguments:-[] properties:*",
        ["location"] = "id:- physicalLocation:physicalLocation logicalLocations:logicalLocation[] message:message properties:*",
        ["physicalLocation"] = "artifactLocation!:artifactLocation region:region contextRegion:region properties:*",
        ["artifactLocation"] = "uri:- uriBaseId:- index:- description:message properties:*",
        ["region"] =
            "startLine:- startColumn:- endLine:- endColumn:- snippet:artifactContent message:message sourceLanguage:- properties:*",
        ["artifactContent"] = "text:- binary:- rendered:* properties:*",
        ["logicalLocation"] = "name:- fullyQualifiedName:- decoratedName:- kind:- parentIndex:- index:- properties:*",
    };

    public static void Check(JsonNode log)
    {
        Check("sarifLog", log, "");
        Assert.Equal("2.1.0", (string?)log["version"]);
        foreach (var run in log["runs"]!.AsArray())
        {
            var rules = run!["tool"]!["driver"]!["rules"]!.AsArray();
            Assert.Equal(rules.Count, rules.Select(rule => (string?)rule!["id"]).Distinct().Count());
            Assert.All(run["artifacts"]!.AsArray(), artifact => Assert.Matches("^[0-9a-f]{64}$", (string?)artifact!["hashes"]!["sha-256"]));
            Assert.Contains((string?)run["columnKind"], ColumnKinds);
            foreach (var result in run["results"]!.AsArray()) Check(result!, rules);
        }
    }

    private static void Check(JsonNode result, JsonArray rules)
    {
        Assert.Contains((string?)result["level"], Levels);
        Assert.Equal((string?)result["ruleId"], (string?)rules[(int)result["ruleIndex"]!]!["id"]);
        Assert.NotEmpty((string)result["message"]!["text"]!);
        Assert.All(result["partialFingerprints"]!.AsObject(), print => Assert.NotEmpty((string)print.Value!));
        foreach (var place in result["locations"]!.AsArray().Select(location => location!["physicalLocation"]).OfType<JsonNode>())
        {
            Assert.True(Uri.IsWellFormedUriString((string)place["artifactLocation"]!["uri"]!, UriKind.RelativeOrAbsolute),
                (string?)place["artifactLocation"]!["uri"]);
            if (place["region"] is not { } region) continue;
            Assert.True((int)region["startLine"]! >= 1 && ((int?)region["startColumn"] ?? 1) >= 1, region.ToJsonString());
        }
    }

    private static void Check(string kind, JsonNode? found, string where)
    {
        Assert.True(found is not null, $"{where} is null");
        switch (kind)
        {
            case "*":
                break;
            case "-":
                Assert.True(found is JsonValue, $"{where} is {found}");
                break;
            case [.. var one, '[', ']']:
                Assert.True(found is JsonArray, $"{where} is {found}");
                foreach (var item in found!.AsArray()) Check(one, item, $"{where}[]");
                break;
            default:
                var members = Objects[kind].Split(' ').Select(member => member.Split(':'))
                    .ToDictionary(parts => parts[0].TrimEnd('!'), parts => (Kind: parts[1], IsNeeded: parts[0].EndsWith('!')));
                Assert.All(members.Where(member => member.Value.IsNeeded),
                    member => Assert.True(found!.AsObject().ContainsKey(member.Key), $"{where} has no {member.Key}"));
                foreach (var (name, value) in found!.AsObject())
                {
                    Assert.True(members.ContainsKey(name), $"{where}.{name} is not in the format");
                    Check(members[name].Kind, value, $"{where}.{name}");
                }
                break;
        }
    }
}
