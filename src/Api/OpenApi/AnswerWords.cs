using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Relo.Api.Objects;
using Relo.Api.Relocations;
using Relo.Api.Types;
using Relo.Core.BtfExt;
using Relo.Core.Contents;
using Relo.Core.Layouts;
using Relo.Core.Proposals;
using Relo.Core.Report;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Relo.Api.OpenApi;

/// <summary>Lists the values of those members of responses that have few.</summary>
internal sealed class AnswerWords : ISchemaFilter
{
    private static readonly string[] RecordKinds = [.. Enum.GetValues<CoreReloKind>().Select(kind => kind.ReportName())];
    private static readonly string[] ByteOrders = ["little", "big"];

    private static readonly Dictionary<(Type Answer, string Member), IReadOnlyList<string>> Words = new()
    {
        [(typeof(RelocationEntry), "kind")] = RecordKinds,
        [(typeof(RelocationEntry), "reason")] = RelocationEntry.Reasons,
        [(typeof(RecordSummary), "kind")] = RecordKinds,
        [(typeof(FieldChange), "change")] = FieldChange.Words,
        [(typeof(FieldProposal), "kind")] = FieldProposal.Kinds,
        [(typeof(LayoutChange), "change")] = LayoutChange.Words,
        [(typeof(TypeLayout), "kind")] = NamedTypes.KindWords,
        [(typeof(FoundName), "kind")] = [.. NamedTypes.KindWords, "field", "enumerator", "symbol"],
        [(typeof(ObjectSection), "byteOrder")] = ByteOrders,
        [(typeof(ObjectDescription), "byteOrder")] = ByteOrders,
    };

    /// <inheritdoc/>
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        foreach (var ((answer, member), words) in Words)
        {
            if (context.Type != answer || schema.Properties is not { } members) continue;
            if (members.TryGetValue(member, out var found) && found is OpenApiSchema property)
                property.Enum = [.. words.Select(word => (JsonNode)JsonValue.Create(word))];
        }
    }
}
