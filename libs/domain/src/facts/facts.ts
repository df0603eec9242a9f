export interface Facts { readonly v: 1 }
