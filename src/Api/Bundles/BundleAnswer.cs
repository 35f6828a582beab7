using System.Net.Mime;
using System.Text;
using System.Text.Json;
using Relo.Api.Http.Json;
using Relo.Api.Inputs;
using Relo.Api.Packing;
using Relo.Api.Relocations;
using Relo.Api.Signing;
using Relo.Api.Trust;

namespace Relo.Api.Bundles;

/// <summary>
/// The bundle, sent while it is computed: first the objects, then the files that depend on all of them. The same object and kernels
/// give the same bytes, except the signatures.
/// </summary>
/// <param name="begun">The contents.</param>
/// <param name="form"><c>application/zip</c> or <c>application/gzip</c>.</param>
/// <param name="name">Name of the object.</param>
/// <param name="failOn">The outcomes to leave out.</param>
/// <param name="script">The script that selects an object.</param>
/// <param name="attester">Signs a statement about each object, if there is a key.</param>
internal sealed class BundleAnswer(BundleBegun begun, string form, string? name, FailOn failOn, SelectScript script, Attester attester)
    : PackAnswer(form, ObjectName.FileName(name, begun.Object)
        + (form == MediaTypeNames.Application.Zip ? ".bundle.zip" : ".bundle.tar.gz"))
{
    // Indented, because people read it too.
    private static readonly JsonSerializerOptions Json = new(ApiJson.Options) { WriteIndented = true };

    /// <inheritdoc/>
    protected override async Task WriteAsync(PackWriter pack, CancellationToken gone)
    {
        var index = new BundleIndex(new BundledObject(begun.Object, begun.SizeBytes, name), failOn);
        var statements = new BundleStatements(begun, ObjectName.FileName(name, begun.Object));
        await foreach (var part in begun.Parts.WithCancellation(gone))
        {
            index.Add(part);
            script.Add(part);
            if (part is not UsablePart usable) continue;
            if (usable.Bytes is { } bytes) await pack.AddAsync(BundleIndex.PathOf(usable.Digest), bytes, gone);
            statements.Add(usable);
        }

        if (attester.IsOn)
            foreach (var facts in statements.All) await AddAsync(pack, facts, gone);

        await pack.AddAsync("index.json", Encoding.UTF8.GetBytes(JsonSerializer.Serialize(index, Json) + "\n"), gone);
        await pack.AddAsync("select.sh", script.ToBytes(), gone, isProgram: true);
    }

    // The statement is beside its object.
    private async Task AddAsync(PackWriter pack, StatementFacts facts, CancellationToken gone)
    {
        var envelope = await attester.AttestAsync(facts, gone);
        await pack.AddAsync(
            BundleIndex.PathOf(facts.Patched.Digest) + BundleStatements.Suffix,
            JsonSerializer.SerializeToUtf8Bytes(envelope!, DsseJson.Plain.Dsse), gone);
    }
}
