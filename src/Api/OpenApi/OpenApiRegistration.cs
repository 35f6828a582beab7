using System.Net.Mime;
using System.Reflection;
using Microsoft.OpenApi;
using Relo.Api.Http.Answers;
using Relo.Core.Bytes;

namespace Relo.Api.OpenApi;

/// <summary>
/// The OpenAPI document at <c>/openapi/v1.json</c> and Swagger UI at <c>/swagger</c>, both made from the route table and the doc
/// comments.
/// </summary>
internal static class OpenApiRegistration
{
    private const string Description = """
        Relocates BPF CO-RE objects on the server: send an object and name a kernel, and get the object as libbpf would patch it on that
        kernel, with a report of the changes. Errors are `application/problem+json`; each `code` is explained at `/problems/<code>`.
        The [user guide](/docs) shows each job with its curl lines.
        """;

    // The assemblies whose types are in the document.
    private static readonly Assembly[] Documented =
        [typeof(Digest).Assembly, typeof(Archive.Kernels.Kernel).Assembly, typeof(OpenApiRegistration).Assembly];

    /// <summary>Registers the generator.</summary>
    public static IServiceCollection AddOpenApiDocument(this IServiceCollection services)
        => services.AddEndpointsApiExplorer().AddSwaggerGen(options =>
    {
        options.SwaggerDoc("v1", new OpenApiInfo { Title = "Relo", Version = "v1", Description = Description });
        foreach (var assembly in Documented) options.IncludeXmlComments(assembly);
        options.MapType<Digest>(() => new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^sha256:[0-9a-f]{64}$" });
        options.SupportNonNullableReferenceTypes();
        options.NonNullableReferenceTypesAsRequired();
        // HEAD is left out: it exists for every download and list, and would double the document.
        options.DocInclusionPredicate((_, api) => api.HttpMethod != HttpMethods.Head);
        options.TagActionsBy(api => [OperationGroups.Of(api)]);
        options.DocumentFilter<OperationGroups>();
        options.CustomOperationIds(api => OperationId(api.ActionDescriptor.EndpointMetadata.OfType<MethodInfo>().First()));
        options.OperationFilter<KernelFirst>();
        options.OperationFilter<ParameterWords>();
        options.OperationFilter<UploadBody>();
        options.OperationFilter<SentBytesResponse>();
        options.OperationFilter<ProblemResponses>();
        options.OperationFilter<NeededKey>();
        options.DocumentFilter<NeededKey>();
        options.SchemaFilter<AnswerWords>();
        options.OperationFilter<OperationExamples>();
    });

    private const string Document = "/openapi/v1.json";

    // RelocateRoute.Handle → relocate; GetRelocationRoute.Object → getRelocationObject.
    private static string OperationId(MethodInfo handler)
    {
        var name = handler.DeclaringType!.Name.Replace("Route", "", StringComparison.Ordinal)
            + (handler.Name == "Handle" ? "" : handler.Name);
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    /// <summary>Serves the document and the UI, which load nothing from other hosts.</summary>
    public static void UseOpenApiDocument(this WebApplication app)
    {
        var json = new OfferedForms([MediaTypeNames.Application.Json]);
        app.UseWhen(http => http.Request.Path == Document, document =>
        {
            document.Use((http, next) =>
            {
                json.Choose(http);
                return next(http);
            });
            document.UseSwagger(options => options.RouteTemplate = "openapi/{documentName}.json");
        });
        app.UseWhen(http => http.Request.Path.StartsWithSegments("/swagger"), ui => ui.UseSwaggerUI(options =>
        {
            options.SwaggerEndpoint(Document, "Relo v1");
            options.DocumentTitle = "Relo API";
            options.InjectStylesheet("../swagger.css");
            options.InjectJavascript("../swagger.js");
            // No deep links: they nest a link in each button, and screen readers announce only one of the two.
            options.EnableTryItOutByDefault();
            options.DisplayRequestDuration();
        }));
    }
}
