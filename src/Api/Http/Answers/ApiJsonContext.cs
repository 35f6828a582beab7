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
using Relo.Archive.Kernels;

namespace Relo.Api.Http.Answers;

/// <summary>Code that writes the documents of the API, made at compile time: the first answer waits for no reflection. What is not named here is written by reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CompatibilityDocument))]
[JsonSerializable(typeof(SarifLog))]
[JsonSerializable(typeof(ReportDocument))]
[JsonSerializable(typeof(ObjectDocument))]
[JsonSerializable(typeof(ObjectList))]
[JsonSerializable(typeof(KernelPage))]
[JsonSerializable(typeof(ResolvedKernel))]
[JsonSerializable(typeof(BundleIndex))]
[JsonSerializable(typeof(IReadOnlyList<BtfRecordIdentifier>))]
[JsonSerializable(typeof(IReadOnlyCollection<ProblemKind>))]
internal sealed partial class ApiJsonContext : JsonSerializerContext;
