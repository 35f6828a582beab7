using System.Text.Json;
using System.Text.Json.Serialization;
using Relo.Api.BtfHubOnline;
using Relo.Api.Bundles;
using Relo.Api.Compatibility;
using Relo.Api.Compatibility.Sarif;
using Relo.Api.Http.Problems;
using Relo.Api.Kernels;
using Relo.Api.Objects;
using Relo.Api.Relocations;
using Relo.Api.Trust;
using Relo.Api.Types;
using Relo.Archive.Kernels;
using Relo.Archive.Sync;

namespace Relo.Api;

/// <summary>
/// Source-generated serialisers of the API's documents, so that the first response needs no reflection. Types not listed here use
/// reflection.
/// </summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CompatibilityDocument))]
[JsonSerializable(typeof(SarifLog))]
[JsonSerializable(typeof(SarifCounts))]
[JsonSerializable(typeof(ReportDocument))]
[JsonSerializable(typeof(ObjectDocument))]
[JsonSerializable(typeof(ObjectList))]
[JsonSerializable(typeof(KernelPage))]
[JsonSerializable(typeof(Coverage))]
[JsonSerializable(typeof(ResolvedKernel))]
[JsonSerializable(typeof(FeatureDocument))]
[JsonSerializable(typeof(TypeDocument))]
[JsonSerializable(typeof(TypeDiffDocument))]
[JsonSerializable(typeof(TypeHitPage))]
[JsonSerializable(typeof(SigningKeyList))]
[JsonSerializable(typeof(TypeHistoryDocument))]
[JsonSerializable(typeof(BundleIndex))]
[JsonSerializable(typeof(IReadOnlyList<BtfRecordIdentifier>))]
[JsonSerializable(typeof(IReadOnlyCollection<ProblemKind>))]
internal sealed partial class ApiJsonContext : JsonSerializerContext;
