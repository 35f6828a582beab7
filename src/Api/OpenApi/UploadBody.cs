using Microsoft.OpenApi;
using Relo.Api.BtfHubOnline;
using Relo.Api.Http.Uploads;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Relo.Api.OpenApi;

/// <summary>Describes uploads, which the framework does not know because the service reads the bodies itself.</summary>
internal sealed class UploadBody : IOperationFilter
{
    private const string Octets = "application/octet-stream";

    /// <inheritdoc/>
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var taken = context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<TakenUpload>().FirstOrDefault();
        if (taken is null) return;
        operation.RequestBody = taken.Upload switch
        {
            // The form first: Swagger UI shows a file chooser for it.
            Upload.Object or Upload.ObjectOrRef => Body("The BPF object (`clang -target bpf -g`), as a form field or as the body itself; "
                + "may be compressed with `Content-Encoding: gzip` or `zstd`",
                ("multipart/form-data", Form(ObjectForm.FileField)), (Octets, File())),
            Upload.ObjectAndLog =>
                Body("The log of a loader or of the verifier, and the BPF object unless the parameter `object` names a stored one",
                ("multipart/form-data", LogForm())),
            Upload.BpfField => Body("The BPF object, as a form field", ("multipart/form-data", Form(CustomizeRoute.FileField)),
                ("application/x-www-form-urlencoded", Form(CustomizeRoute.FileField))),
            _ => Body("A kernel file, recognised by its content: raw BTF, `.btf.tar.xz`, an image, a package or a module; as a form field "
                + "or as the body itself",
                ("multipart/form-data", Form(KernelBody.FileFields[0])), (Octets, File())),
        };
        ((OpenApiRequestBody)operation.RequestBody).Required = taken.Upload != Upload.ObjectOrRef;
    }

    private static OpenApiRequestBody Body(string description, params (string MediaType, OpenApiSchema Schema)[] forms) => new()
    {
        Description = description,
        Content = forms.ToDictionary(f => f.MediaType, IOpenApiMediaType (f) => new OpenApiMediaType { Schema = f.Schema }),
    };

    private static OpenApiSchema LogForm() => new()
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string> { ObjectForm.LogField },
        Properties = new Dictionary<string, IOpenApiSchema> { [ObjectForm.LogField] = File(), [ObjectForm.FileField] = File() },
        Description = "Any query parameter may be sent as a field instead",
    };

    private static OpenApiSchema File() => new() { Type = JsonSchemaType.String, Format = "binary" };

    private static OpenApiSchema Form(string fileField) => new()
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string> { fileField },
        Properties = new Dictionary<string, IOpenApiSchema> { [fileField] = File() },
        Description = "Any query parameter may be sent as a field instead",
    };
}
